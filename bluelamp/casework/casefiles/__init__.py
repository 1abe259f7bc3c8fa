"""Stage 4, the case file: what we send to the prosecutor.

From the crimes, people, statements and exhibits of an investigation it assembles `CaseData`, and
from that it makes a package (`package`, CONTRACT.md): the forms (`documents`), the message to the
court (`court_message`), the provenance of each item (`provenance`), and the check for what a
prosecutor would send back (`rules`). An original is never changed, the back of a statement is never
served, and a message that does not validate is never sent.
"""
