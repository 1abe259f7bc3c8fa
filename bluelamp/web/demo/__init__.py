"""The front end of the demonstration: the messages that the stand-in for GOV.UK Notify received.

It is there in demo mode only, and 404 otherwise. It must never show what a real message service
sent, because anybody may open it.
"""
