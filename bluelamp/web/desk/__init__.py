"""The desk: the door of police staff. Dense but quiet.

In: addresses and forms from the crime desk, investigators, case builders and evidence officers.
Out: pages and downloads, each from one command or lookup, so that every look and every act is on
the record. Words used: queue, report, crime, investigation, item, exhibit, statement (front and
back), case file. It must never read a table itself, show another force's record (404, recorded
below), show an original inside a page, or lose what somebody typed.
"""
