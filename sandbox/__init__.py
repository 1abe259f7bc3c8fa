"""Stand-ins for outside services, true to their published contracts, for demonstrations and tests.

In: the requests the real service takes. Out: its answers. They must never be used with real
people's data, and nothing in `bluelamp` may import them: the program reaches them by address, as it
reaches the real ones.
"""
