"""People, objects and locations, and the links that give each a role in a report or a crime.

In: details that the stages above were given, by commands that run inside their own acts. Out: rows
that those stages refer to. Words: person, object and location are the POLE record; a link is a role
(victim, witness, suspect) in a report or a crime; a location key is an address in one spelling, so
that an address is one row in each force.

A role is never on a person: section 38(3) of the Data Protection Act 2018 puts it on each link. Two
people are never merged on a name alone. Nothing here knows what a report or a crime is: a link's
subject is an id and a kind.
"""
