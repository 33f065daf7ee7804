"""The disk: finding, reading and writing files; what git and Obsidian ignore."""
