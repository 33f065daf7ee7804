"""Attacks on what vaultlint writes: random vaults are fixed, files renamed, caches spoilt and runs killed.

Whatever happens, no text may be lost, and nothing may change but what a fix or a rename is about.
"""
