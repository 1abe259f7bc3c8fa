"""What people look up in firearms licensing."""

from bluelamp.services.firearms.lookups.application_files import (
    list_application_files,
    open_application_picture,
)
from bluelamp.services.firearms.lookups.applications import ApplicationDetail, get_application
from bluelamp.services.firearms.lookups.certificates import (
    CertificateDetail,
    GunDetail,
    get_certificate,
    is_certificate_valid,
)
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
from bluelamp.services.firearms.lookups.queue import (
    SORTS,
    QueueFilter,
    QueuePage,
    QueueRow,
    list_queue,
)

__all__ = [
    "SORTS",
    "ApplicationDetail",
    "CertificateDetail",
    "GunDetail",
    "HolderNoticeDetail",
    "HolderNoticePage",
    "HolderNoticeRow",
    "LinkedApplicationRow",
    "MedicalDetail",
    "NoticeDetail",
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "get_application",
    "get_certificate",
    "get_health_notice",
    "get_holder_notice",
    "get_medical_declaration",
    "get_notice",
    "is_certificate_valid",
    "list_application_files",
    "list_holder_notices",
    "list_linked_applications",
    "list_queue",
    "open_application_picture",
]
