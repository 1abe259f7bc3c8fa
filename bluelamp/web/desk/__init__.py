"""The desk: the front end for police staff.

Its views take URLs and forms from the crime desk, investigators, case builders, evidence officers
and auditors, call one command or lookup, and render a page or send a download. Everything viewed
or changed is therefore on the audit record. The desk reads no table itself, answers 404 (and
records the attempt) for another force's record, never shows an original inside a page, and gives
back what somebody entered when a form is refused.
"""
