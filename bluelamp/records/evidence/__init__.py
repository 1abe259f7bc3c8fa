"""Evidence: originals as they were received, their continuity, and what was derived from them.

In: bytes, from a form, a device or an upload. Out: items, their continuity, previews, and the
original byte for byte. An *item* is a thing that we hold; its *original* is the bytes as they were
received, stored once under their SHA-256. *Continuity* is the complete list of what was done with
an item, by whom, when and why. To *seal* is to fix the hash of the original. Evidence must never
alter an original, change or drop a line of continuity, or call bytes clean that no scanner has
seen. It knows nothing of reports, crimes or cases: the `Subject` of an item names the record that
it belongs to, and is opaque here.
"""
