"""Keeping people informed: messages at each step, and the case as its reporter may see it.

In: news from every earlier stage. Out: messages, and a tracked case in plain words. Words: a
*one-time code* proves that somebody reads the address the report came from; a *step* is what
happened, as told to a victim. It must never show anything of a suspect, of other people, or of what
officers write to each other.
"""
