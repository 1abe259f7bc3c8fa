"""What people look up in firearms licensing."""

from bluelamp.services.firearms.lookups.applications import ApplicationDetail, get_application
from bluelamp.services.firearms.lookups.certificates import (
    CertificateDetail,
    get_certificate,
    is_certificate_valid,
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
    "QueueFilter",
    "QueuePage",
    "QueueRow",
    "get_application",
    "get_certificate",
    "is_certificate_valid",
    "list_queue",
]
