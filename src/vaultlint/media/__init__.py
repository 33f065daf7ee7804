"""What is known of the videos that notes cite: lengths, transcripts, and where in these something is said.

Files are read where the configuration's `[[sources]]` name them, and only if a rule asks.
"""
