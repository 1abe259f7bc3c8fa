"""Evidence: originals as they were received, who held each of them when, and what was derived from
them.

In: bytes, from a form, a device or an upload. Out: items, their continuity, previews, and the
original byte for byte. Words: an *item* is a thing held; its *original* is the bytes as received,
kept once under their SHA-256; *continuity* is the gapless list of what was done with an item, by
whom, when and why; to *seal* is to fix the original's hash. It must never alter an original, change
or drop a line of continuity, or call bytes clean that nobody scanned. It knows nothing of reports,
crimes or cases: `purpose` is their word for what an item belongs to, opaque here.
"""
