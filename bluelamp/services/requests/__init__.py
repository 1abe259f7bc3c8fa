"""Information that people ask us for: collision reports, subject access, Clare's Law.

In: the answers to a service's question set, and payments. Out: requests with their state, and files
that a link delivers until it ends.
"""
