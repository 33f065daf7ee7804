"""Facts about the videos that notes cite: lengths, transcripts, and where in these something is said.

The configuration's `[[sources]]` name the files, which are read only if a rule asks.
"""
