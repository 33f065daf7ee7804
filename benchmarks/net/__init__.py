"""Random changes to a vault, to check that vaultlint's answers stay correct.

`words` has the contents of a small vault, `edits` changes it, `harness` compares the answers, `driver` takes many
steps and reduces failures to a few of them.
"""
