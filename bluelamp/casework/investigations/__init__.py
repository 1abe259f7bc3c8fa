"""Investigations of recorded crimes: who deals with them, statements, suspects, exhibits, charges.

In: what officers do, at a desk or on a device that may be offline. Out: an append-only
investigation log, statements frozen at signature, exhibits with references, charges with their
first hearing. Terms: officer in the case, entry, statement (MG11) and its back, maker, suspect,
exhibit (AB/1), charge, hearing.

It must never change a signed statement (a correction is a new one), show the back of a statement
with its front, or give an exhibit reference twice.
"""
