"""The public front end: report a crime, one question on a page, and track your own case.

Every page works without JavaScript. A *step* is one question of the report. The *draft* is what was
answered so far, stored on the server; a signed cookie names it. Nothing that was typed is lost, no
page says whether a reference exists, and no page shows anything about a suspect.
"""
