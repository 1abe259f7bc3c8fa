"""Who staff are, which roles they hold, and what each role may do.

In: sign-ins. Out: an Actor. Words: a *permission* is named in code (`crime.record`); a *role* is
data, a named set of permissions. It must never let a person act without naming them.
"""
