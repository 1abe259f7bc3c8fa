"""Old systems in, by the same commands; everything out, in open formats. Later work furnishes this
room.
"""
