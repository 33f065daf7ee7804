"""The disk: finding files, reading and writing them, what git and Obsidian leave out."""
