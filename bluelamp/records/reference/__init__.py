"""Reference data: the public lists that every stage refers to.

In: the lists in `data/`, and amendments by staff. Out: offences and places found by a few typed
letters; forces, units, courts and outcome types; and, in `rules`, what is true of identifiers,
positions and days. An *edition* is one load or amendment. A *versioned* row is valid from
`valid_from` until the day before `valid_to`.

Reference data is not personal, so lookups are not audited. A row that was once valid never
changes: an amendment closes it and opens another. Nothing here calls an outside service.
"""
