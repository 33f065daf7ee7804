"""The language server: findings while a note is written, and features that need the whole vault.

One thread reads the client's messages and holds the open texts (`app`, `documents`); another owns the vaults and does
all the work (`worker`, `vaults`). Each feature is a function in its own module, with one line in the table in
`features`.
pygls and lsprotocol are the extra `[server]`: nothing outside this package imports them.
"""
