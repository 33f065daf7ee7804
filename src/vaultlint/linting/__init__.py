"""Rules at work: running them, suppressing, the baseline, what a finding is known by."""
