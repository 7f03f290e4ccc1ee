"""The Brazilian register of listed companies, kept by the securities commission (CVM)."""
