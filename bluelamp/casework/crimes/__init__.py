"""Recorded crimes: numbers, classification, links between crimes.

In: a report, or a crime recorded at the scene on a device that may be offline. Out: a crime with
its number, from one series for each force and year. Terms: number (used, leased or void with a
reason), lease (numbers that a device takes ahead), record, reclassify, link.

It must never use a number twice or leave one unaccounted for, change a classification without
keeping the one before it, or trust a device's clock: `device_at` is what the device said,
`recorded_at` is ours.
"""
