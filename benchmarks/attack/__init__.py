"""Attacks on the files that vaultlint writes: fix random vaults, rename files, damage caches and kill runs.

In all cases, no text may be lost, and only the text that a fix or a rename is about may change.
"""
