"""The demonstration force: an invented cast, invented incidents at realistic places and volumes.

In: nothing but chance with a fixed seed. Out: records made by the same commands that people use.
Never a real person.
"""
