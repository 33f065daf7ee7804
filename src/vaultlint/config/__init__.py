"""What the configuration says: where it is, its typed values, rules of packages, manual pages."""
