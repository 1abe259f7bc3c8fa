"""Inspect the files that people hand in, without trusting them and without changing them.

Give it the path of an original. It returns what the bytes are, when and where the file was made,
small upright pictures that carry none of its metadata, and a virus scanner's answer.

Terms:
    media info: what a file is, read from its bytes.
    mislabelled: the file's name or declared type says it is something else.
    preview: a derived picture (thumbnail, view or poster).
    worker: a short-lived process that opens hostile bytes inside a sandbox, which limits its
        memory, time, files, processes and network.

This package never changes an original, never decodes a picture or a video in the caller's own
process, never calls unscanned bytes clean, and never imports Django, so that the worker starts
quickly.

Use `detection.detect_media`, `previews.make_previews` and `scanning.scan_file`.
"""
