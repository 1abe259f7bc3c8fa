"""Stage 4, the case file: what we send the prosecutor, and what they answer.

In: the crimes, people, statements and exhibits of an investigation, as `CaseFacts`. Out: the case
file package of CONTRACT.md (`package`), its forms (`documents`), the message to the court
(`messages`), the provenance of each item (`provenance`), and what a prosecutor would send back for
(`rules`). Words: case file, statement (MG11), exhibit, unused material, charge. Not "bundle".
Never: changes an original; serves the back of a statement; sends a message that does not validate.
"""
