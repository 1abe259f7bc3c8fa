"""The demonstration force: an invented cast and invented incidents, at realistic volumes.

In: random numbers with a fixed seed. Out: records made by the same commands that people use. It
must never contain a real person.
"""
