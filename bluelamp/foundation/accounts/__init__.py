"""Who staff are, which organisation they are from, and what their roles allow.

In: sign-ins. Out: an Actor. A *permission* is declared in code by the domain that it guards
(`crime.record`); a *role* is data, a named set of permissions; an *organisation* is data too, and
its kind decides which front end its people may use. Nobody can act without being named.
"""
