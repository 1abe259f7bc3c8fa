"""The partners' door: prosecutors at `/partner/`, and programs at `/api/v1/`.

In: reports with their files from anybody's systems; a prosecutor's wish to read. Out: pages,
packages byte for byte, JSON. Words: a case file is *received* once it was submitted. Never: shows a
prosecutor what was not sent, or tells anybody else that it exists.
"""
