"""The configuration: where it is, its typed values, rules of packages, manual pages."""
