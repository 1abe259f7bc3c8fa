"""Look up reports: the crime desk's queue, one report, and a draft for whoever has its secret."""

from bluelamp.casework.reports.lookups.drafts import (
    DraftDetail,
    DraftItem,
    get_draft,
    get_draft_thumbnail,
    get_draft_with_items,
    to_draft_detail,
)
from bluelamp.casework.reports.lookups.queue import (
    PAGE_SIZE,
    QUEUE_ORDERS,
    QueuePage,
    QueueRow,
    get_next_report,
    list_queue,
)
from bluelamp.casework.reports.lookups.reports import (
    KnownPersonChange,
    ReportContact,
    ReportDetail,
    contact_for_report,
    get_report,
    get_report_as_soh,
    get_report_reference,
    list_answers_by_report,
    to_report_detail,
)
from bluelamp.casework.reports.questions import AnswerText

__all__ = [
    "PAGE_SIZE",
    "QUEUE_ORDERS",
    "AnswerText",
    "DraftDetail",
    "DraftItem",
    "KnownPersonChange",
    "QueuePage",
    "QueueRow",
    "ReportContact",
    "ReportDetail",
    "contact_for_report",
    "get_draft",
    "get_draft_thumbnail",
    "get_draft_with_items",
    "get_next_report",
    "get_report",
    "get_report_as_soh",
    "get_report_reference",
    "list_answers_by_report",
    "list_queue",
    "to_draft_detail",
    "to_report_detail",
]
