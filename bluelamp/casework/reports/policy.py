"""Who may see which reports."""

from bluelamp.casework.reports.models import Report
from bluelamp.foundation.accounts.policy import Policy


class ReportPolicy(Policy[Report]):
    """Reports of the actor's force."""

    model = Report
    not_found = "There is no such report."


report_policy = ReportPolicy()
