"""The append-only logs that prove what is on record.

`merkle` is the tree, `checkpoint` its signed root; `log`, `proofs` and `models` are both in
PostgreSQL; `checkpoint_file` keeps the newest checkpoint outside it.
"""
