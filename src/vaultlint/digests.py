"""BLAKE2b, taken from where `hashlib` takes it: importing `hashlib` loads OpenSSL, which takes 3 MB of memory."""

try:
    from _blake2 import blake2b
except ImportError:  # no public module, so a version of Python may not have it
    from hashlib import blake2b

__all__ = ["blake2b"]
