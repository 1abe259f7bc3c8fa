"""What we were told: the first stage.

In: answers to the public form, or a report taken through the API or by an officer. Out: a Report
with a reference that can be said and not guessed, and the news `ReportSubmitted`. Words: report,
person reporting, draft (answers not yet sent), item (evidence, by its id), high harm (deserves
quick eyes), not a crime (with a reason, and the victim is told).

It must never lose what was typed, know what a crime number is, or take a lock that a second report
waits for.
"""
