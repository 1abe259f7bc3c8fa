"""Files in which officers saved what their phones could not send: received, read and brought in."""
