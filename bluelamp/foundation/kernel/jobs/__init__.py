"""Background work: declaring and queueing jobs (`queues`), running them (`worker`), and yielding to
foreground work (`priority`).
"""
