"""What people look up about requests: the services, the desk's queue, and their own."""

from bluelamp.services.requests.lookups.deliveries import get_delivery, list_own_files
from bluelamp.services.requests.lookups.details import (
    DeliveredFile,
    DeliveryFiles,
    EntryDetail,
    FileDetail,
    OwnRequest,
    QuoteDetail,
    QuoteLine,
    RequestDetail,
)
from bluelamp.services.requests.lookups.own import (
    get_own_request,
    get_sent_request,
    is_request_refused,
)
from bluelamp.services.requests.lookups.services import (
    ServiceHistoryRow,
    ServiceOffer,
    get_service,
    get_service_offer,
    list_service_history,
    list_service_offers,
    list_services,
)
from bluelamp.services.requests.lookups.staff import (
    RequestPage,
    RequestRow,
    count_requests,
    get_request,
    list_requests,
)

__all__ = [
    "DeliveredFile",
    "DeliveryFiles",
    "EntryDetail",
    "FileDetail",
    "OwnRequest",
    "QuoteDetail",
    "QuoteLine",
    "RequestDetail",
    "RequestPage",
    "RequestRow",
    "ServiceHistoryRow",
    "ServiceOffer",
    "count_requests",
    "get_delivery",
    "get_own_request",
    "get_request",
    "get_sent_request",
    "get_service",
    "get_service_offer",
    "is_request_refused",
    "list_own_files",
    "list_requests",
    "list_service_history",
    "list_service_offers",
    "list_services",
]
