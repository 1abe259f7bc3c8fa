"""The officer app's front end: its API at `/api/officer/v1/`, and the built app at `/officer/`.

In: captures, each the exact bytes that a device sealed; and questions about numbers, offences and
places. Out: receipts with the hash of what arrived, and problem+json for every refusal. A *capture*
is a crime, a statement or an item as it was recorded at the scene. A *receipt* says which bytes are
here and since when. The *shell* is the app's own files, which hold no data. The front end must
never accept a capture whose bytes are not those hashed on the device, or from a phone that is not
enrolled or is blocked (`device_proof.py`), answer a program with a page, or show which records of
another force exist.
"""
