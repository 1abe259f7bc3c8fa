"""The smallest parts: ids, the clock, actors, errors, jobs, the outbox, receipts, and the Merkle
logs.

Words: an *actor* is whoever acts; a *receipt* says that a capture arrived with these bytes; the
*outbox* carries news forwards in the transaction that made it; a *log* is append-only and proves
it. It must never decide who may do what: it only carries the question.
"""
