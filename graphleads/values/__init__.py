"""Values as registers and CRMs write them: addresses, phones, domains, nationalities, keys of people, headers."""
