"""What people look up in firearms licensing."""

from bluelamp.services.firearms.lookups.application_files import (
    list_application_files,
    open_application_picture,
)
from bluelamp.services.firearms.lookups.applications import ApplicationDetail, get_application
from bluelamp.services.firearms.lookups.certificate_holders import (
    CertificateHolder,
    HolderGun,
    get_certificate_holder,
)
from bluelamp.services.firearms.lookups.certificates import (
    CertificateDetail,
    GunDetail,
    get_certificate,
    is_certificate_valid,
)
from bluelamp.services.firearms.lookups.files import DraftFile, list_draft_files
from bluelamp.services.firearms.lookups.holder_notices import (
    HolderNoticeDetail,
    HolderNoticePage,
    HolderNoticeRow,
    get_health_notice,
    get_holder_notice,
    list_holder_notices,
)
from bluelamp.services.firearms.lookups.medical import MedicalDetail, get_medical_declaration
from bluelamp.services.firearms.lookups.notices_of_decisions import NoticeDetail, get_notice
from bluelamp.services.firearms.lookups.one_login import (
    LinkedApplicationRow,
    list_linked_applications,
)
from bluelamp.services.firearms.lookups.paper import (
    PaperDraftDetail,
    PaperDraftRow,
    PaperHolder,
    get_paper_draft,
    get_reply_draft,
    list_paper_drafts,
    list_paper_drafts_of_others,
)
from bluelamp.services.firearms.lookups.patterns import PatternRow, list_patterns
from bluelamp.services.firearms.lookups.permits import (
    PermitDetail,
    PermitRow,
    get_permit,
    list_permits,
)
from bluelamp.services.firearms.lookups.queue import (
    SORTS,
    QueueFilter,
    QueuePage,
    QueueRow,
    list_queue,
)
from bluelamp.services.firearms.lookups.visits import (
    VisitPage,
    VisitRow,
    get_visit_photo,
    list_own_visits,
    list_visits,
    list_visits_of_day,
)
from bluelamp.services.firearms.lookups.wordings import list_wordings

__all__ = [
    "SORTS",
    "ApplicationDetail",
    "CertificateDetail",
    "CertificateHolder",
    "DraftFile",
    "GunDetail",
    "HolderGun",
    "HolderNoticeDetail",
    "HolderNoticePage",
    "HolderNoticeRow",
    "LinkedApplicationRow",
    "MedicalDetail",
    "NoticeDetail",
    "PaperDraftDetail",
    "PaperDraftRow",
    "PaperHolder",
    "PatternRow",
    "PermitDetail",
    "PermitRow",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "VisitPage",
    "VisitRow",
    "get_application",
    "get_certificate",
    "get_certificate_holder",
    "get_health_notice",
    "get_holder_notice",
    "get_medical_declaration",
    "get_notice",
    "get_paper_draft",
    "get_permit",
    "get_reply_draft",
    "get_visit_photo",
    "is_certificate_valid",
    "list_application_files",
    "list_draft_files",
    "list_holder_notices",
    "list_linked_applications",
    "list_own_visits",
    "list_paper_drafts",
    "list_paper_drafts_of_others",
    "list_patterns",
    "list_permits",
    "list_queue",
    "list_visits",
    "list_visits_of_day",
    "list_wordings",
    "open_application_picture",
]
