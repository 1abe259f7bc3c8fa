"""Reference data: what every stage refers to and nobody types twice.

In: the public lists in `data/`, and staff's amendments. Out: offences found by a few typed letters,
places found by postcode or street, forces, units, courts, outcome types, and the rules on numbers,
positions and days in `rules`. Words: an *edition* is one loading or amendment; a *dated* row is
true from `valid_from` until the day before `valid_to`. It holds no personal data, so a look is not
an act. It must never change a row that was true (it closes that one and opens another), and never
calls an outside service.
"""
