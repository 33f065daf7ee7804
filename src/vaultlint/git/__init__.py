"""Git: the repository, the history of names, two states of a vault, what a change introduced."""
