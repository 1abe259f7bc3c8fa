"""What every domain stands on, with no knowledge of any of them.

    database/    PostgreSQL: backend, embedded server, append-only tables, fast inserts, locks
    jobs/        background jobs in named queues
    events/      the outbox: publish, subscribe, deliver, retry
    merkle_log/  the append-only logs that prove what is on record
    terminal/    what programs print and log
    retention, checks    how long rows are kept, and that every table says so
    receipts, series     idempotent capture, gap-free numbers
    actor, permission, clock, errors, problems, ids, record, text, transient, health …

An *actor* is whoever acts; a *receipt* confirms that a capture arrived with these bytes; the
*outbox* holds published events; a *log* is append-only and proves it. Nothing here decides who may
do what.
"""
