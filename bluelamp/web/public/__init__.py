"""The public's door: report a crime, one question a page, and follow one's own case.

In: forms, with JavaScript or without. Out: pages, each by one command or lookup of the casework
behind it. Words: a *step* is one page of the report; the *draft* is what was typed so far, kept on
the server; its *holder* is whoever has the signed cookie that names it. It must never lose what was
typed, say whether a reference exists, or show anything of a suspect.
"""
