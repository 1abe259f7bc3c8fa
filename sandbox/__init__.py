"""Stand-ins for outside services, true to their published contracts, for demonstrations and tests.

In: the requests that the real service takes. Out: its answers. They must never be used with real
people's data. Of `bluelamp` only `demo` and `cli` may import them: everything else reaches them by
address, as it reaches the real services.
"""
