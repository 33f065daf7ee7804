"""Random changes to a vault, and whether vaultlint still tells the truth about it.

`words` has what a small vault may hold, `edits` changes it, `harness` compares the answers, `driver` takes many steps
and cuts what went wrong down to a few of them.
"""
