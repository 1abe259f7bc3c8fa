"""The demonstration's own door: the messages that the stand-in for GOV.UK Notify was given.

In: nothing. Out: a page, from the stand-in's published API, in demo mode only; 404 otherwise. It
must never be there in front of a real message service, where it would show strangers what people
were sent.
"""
