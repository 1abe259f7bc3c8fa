"""Payments by the public: what is due, what was paid, how, and what was given back.

In: what a service asks somebody to pay for, as fee codes with a kind and an id of its own. Out: a
payment that the payer completes on GOV.UK Pay or with staff, the events that services act on, and a
double-entry ledger that always balances.

A payment is paid only when GOV.UK Pay says so to us, on a request of ours, or when a member of
staff took the money. Nothing that a browser or a webhook says is believed: both only make us ask.
A fee whose amount nobody confirmed cannot be charged.
"""
