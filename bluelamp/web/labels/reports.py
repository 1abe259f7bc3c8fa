"""What people read for the codes of reports: what happened, and how they were involved."""

from bluelamp.casework.reports.messages import KIND_TITLES as REPORT_KINDS
from bluelamp.casework.reports.messages import ROLE_TITLES as REPORTER_ROLES

__all__ = ["REPORTER_ROLES", "REPORT_KINDS"]
