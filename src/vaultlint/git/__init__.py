"""What git knows: the repository, two states of a vault, what a change introduced."""
