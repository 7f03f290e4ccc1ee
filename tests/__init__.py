"""The tests: a package of their own, so that no installed one of the same name is taken for them."""
