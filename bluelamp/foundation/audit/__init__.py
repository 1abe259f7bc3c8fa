"""The record of acts: who did, looked at, or was refused what, when and why.

In: every command and lookup. Out: an append-only table, sealed by a Merkle log. An *act* is one
thing done by one actor to one subject (`crime.recorded`); a *command* writes; a *lookup* discloses.
Both are the only way in. Neither can be done without leaving an entry: there is no switch for it.
"""
