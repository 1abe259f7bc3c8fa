"""Reports: what people told us, the first stage.

In: answers to the public form, or a report that came through the API or from an officer. Out: a
Report, with a reference that can be read out on the phone and not guessed, and the event
`ReportSubmitted`. Words: report, person reporting, draft (answers not sent yet), item (evidence, by
its id), high harm (at the top of the queue), not a crime (the person reporting is told why).

What somebody typed is never lost. Nothing here knows what a crime number is. No report waits for a
lock that another one holds.
"""
