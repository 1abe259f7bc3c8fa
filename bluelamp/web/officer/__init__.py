"""The officer app's door: its API at `/api/officer/v1/`, and the built app itself at `/officer/`.

In: captures, each the exact bytes that a device sealed; questions about numbers, offences and
places. Out: receipts that carry the hash of what arrived, and problem+json for every refusal.
Words: a *capture* is a crime, a statement or an item as it was made at the scene; a *receipt* says
which bytes are here and since when; the *shell* is the app's own files, which hold no data. It must
never take a capture whose bytes are not those hashed on the device, answer with a page where a
program asked, or say which records of another force exist.
"""
