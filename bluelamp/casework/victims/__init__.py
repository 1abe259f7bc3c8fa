"""Keeping people informed: messages at each step, and the case as its reporter may see it.

In: events of every earlier stage. Out: messages, and a tracked case in plain words. Terms: a
*one-time code* proves that somebody reads the address the report came from, and opens a *tracking
session*; a *step* is what happened, as a victim is told of it.

It must never show anything of a suspect, of other people, or of what officers write to each other.
"""
