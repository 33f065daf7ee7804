"""Editing notes: rewriting links, inserting properties, applying fixes, renaming files."""
