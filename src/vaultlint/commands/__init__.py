"""The work behind the command line, one module for each command. Nothing here prints."""
