"""Looking at what people hand in, without trusting it and without touching it.

In comes the path of an original. Out go facts about it (what its bytes are, when and where it was
taken), small upright pictures that hold none of its metadata, and a virus scanner's answer.

Words: *facts* are read from the bytes; a file *lies* when its name or type says something else; a
*preview* is a derived picture (thumbnail, view, poster); the *child* is a short-lived process that
opens hostile bytes inside a *fence*: limits on memory, time, files, processes and network.

This package never changes an original, never decodes a picture or a video in the caller's own
process, never calls unscanned bytes clean, and never imports Django, so that the child starts
quickly.

Use: `sniffing.sniff`, `previews.make_previews`, `scanning.scan`.
"""
