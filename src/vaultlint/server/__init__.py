"""The language server: findings while a note is written, and what only somebody who knows the whole vault can do.

One thread reads what the client says and keeps the texts (`app`, `documents`); another one owns the vaults and does
all work (`worker`, `vaults`). Each feature is a function in a module of its own, and a line of the one table in
`features`.
pygls and lsprotocol are the extra `[server]`: nothing outside this package imports them.
"""
