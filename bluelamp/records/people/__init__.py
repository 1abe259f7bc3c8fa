"""People, objects and places, and the links that say what each was in a report or a crime.

In: what was told, by commands of the stages above, inside their own acts. Out: rows that those
stages refer to. Words: person, object, location (the POLE record); link (a role: victim, witness,
suspect); place key (an address written one way, so that it is one row per force).

It must never hold a role on a person (section 38(3) of the Data Protection Act 2018 puts it on each
link), merge two people on a name alone, or know what a report or a crime is: a link's subject is an
id and a word.
"""
