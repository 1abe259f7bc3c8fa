"""The flow, from what we were told to how it ended: each stage may look back, never ahead.

reports, encounters (capture) → crimes (record) → investigations → casefiles → outcomes → victims
(keep informed). News travels forwards by events; corrections travel backwards by a later stage
calling an earlier one's command.
"""
