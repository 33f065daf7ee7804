"""Running rules, suppression, the baseline, and the identity of findings."""
