"""What everything stands on: kernel < audit < accounts < payments | notifications.

In: nothing of policing. Out: ids, actors, commands and lookups that are permitted and on the
record, jobs, the append-only logs, the database. It must never know what a crime is.
"""
