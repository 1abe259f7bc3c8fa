"""Requests as dataclasses, which is how everybody else sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from bluelamp.foundation.payments.lookups import FeeDetail, PaymentDetail
from bluelamp.services.requests.models import Delivery, InformationRequest, RequestFile
from bluelamp.services.requests.rules import is_link_open, max_downloads


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDetail:
    """Something that happened to a request."""

    act: str
    note: str
    at: datetime
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FileDetail:
    """A file that answers a request. `size` is in bytes.

    Attributes:
        is_newest: It is sent. An earlier file of the same name is not.
    """

    item_id: UUID
    filename: str
    size: int
    redaction_note: str
    added_at: datetime
    added_by: str
    is_newest: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryDetail:
    """An answer that was sent, and how often it was downloaded and can be.

    Attributes:
        has_link: A link was sent. Without one, the files are on the page that a code opens.
    """

    sent_at: datetime
    has_link: bool
    expires_on: date
    downloads: int
    max_downloads: int
    is_open: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveredFile:
    """A file as whoever gets it sees it: nothing of who made it. `size` is in bytes."""

    item_id: UUID
    filename: str
    size: int


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryFiles:
    """The files that can be downloaded, until which day, and how many more times in all."""

    files: tuple[DeliveredFile, ...]
    expires_on: date
    downloads_left: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteLine:
    """One fee of a quote, so many times. Amounts are pence."""

    fee_code: str
    title: str
    quantity: int
    net_pence: int
    vat_pence: int


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteDetail:
    """What staff said that a request costs, VAT included in `total_pence`."""

    number: int
    lines: tuple[QuoteLine, ...]
    total_pence: int
    vat_pence: int
    note: str
    quoted_at: datetime
    quoted_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestDetail:
    """A request as staff see it. `quotable_fees` are those of which a price can be made now."""

    id: UUID
    reference: str
    service_code: str
    service_title: str
    is_soft: bool
    question_set: str
    question_set_version: int
    answers: Mapping[str, Any]
    name: str
    email: str
    is_email_confirmed: bool
    language: str
    state: str
    received_at: datetime
    answer_due_on: date | None
    owner: str
    owner_id: UUID | None
    closed_at: datetime | None
    refusal_reason: str
    entries: tuple[EntryDetail, ...]
    files: tuple[FileDetail, ...]
    deliveries: tuple[DeliveryDetail, ...]
    quotes: tuple[QuoteDetail, ...]
    quotable_fees: tuple[FeeDetail, ...]
    payments: tuple[PaymentDetail, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnRequest:
    """A request as the person who made it sees it: nothing of who works on it.

    `payment` is the newest, which may be due. `paid_pence` and `refunded_pence` are of all of them.
    """

    id: UUID
    reference: str
    service_title: str
    is_soft: bool
    name: str
    email: str
    is_email_confirmed: bool
    language: str
    state: str
    received_at: datetime
    answer_due_on: date | None
    closed_at: datetime | None
    refusal_reason: str
    is_ready: bool
    has_open_link: bool
    quote: QuoteDetail | None
    payment: PaymentDetail | None
    paid_pence: int
    refunded_pence: int


def list_newest_files(request: InformationRequest) -> list[RequestFile]:
    """Return the files that a link delivers: the newest of each name, in the order of names.

    Whoever notices a mistake adds the file again, and the first must not go out.
    """
    rows = request.files.select_related("item__blob").order_by("added_at", "id")
    # Later ones overwrite earlier ones, which is why the rows are in the order of time.
    newest = {file.item.filename: file for file in rows}
    return [newest[filename] for filename in sorted(newest)]


def to_delivery_detail(row: Delivery, *, files: int, on: date) -> DeliveryDetail:
    """Return an answer of so many files as staff see it."""
    return DeliveryDetail(
        sent_at=row.sent_at,
        has_link=row.secret_sha256 is not None,
        expires_on=row.expires_on,
        downloads=row.downloads,
        max_downloads=max_downloads(files),
        is_open=is_link_open(
            expires_on=row.expires_on,
            downloads=row.downloads,
            max_downloads=max_downloads(files),
            is_withdrawn=row.ended_at is not None,
            on=on,
        ),
    )


def to_delivery_files(row: Delivery, *, on: date) -> DeliveryFiles | None:
    """Return the files that can be downloaded of an answer, None where it has ended."""
    files = list_newest_files(row.request)
    detail = to_delivery_detail(row, files=len(files), on=on)
    if not detail.is_open:
        return None
    return DeliveryFiles(
        files=tuple(
            DeliveredFile(
                item_id=file.item_id, filename=file.item.filename, size=file.item.blob.size
            )
            for file in files
        ),
        expires_on=row.expires_on,
        downloads_left=detail.max_downloads - detail.downloads,
    )


def to_own_request(
    request: InformationRequest,
    payments: Sequence[PaymentDetail],
    *,
    on: date,
    is_email_confirmed: bool,
) -> OwnRequest:
    """Return what the person who made a request may see of it."""
    files = len(list_newest_files(request))
    deliveries = [to_delivery_detail(row, files=files, on=on) for row in request.deliveries.all()]
    open_deliveries = [delivery for delivery in deliveries if delivery.is_open]
    return OwnRequest(
        id=request.id,
        reference=request.reference,
        service_title=request.service_title,
        is_soft=request.is_soft,
        name=request.name,
        email=request.email,
        is_email_confirmed=is_email_confirmed,
        language=request.language,
        state=request.state,
        received_at=request.received_at,
        answer_due_on=request.answer_due_on,
        closed_at=request.closed_at,
        refusal_reason=request.refusal_reason,
        is_ready=bool(open_deliveries),
        has_open_link=any(delivery.has_link for delivery in open_deliveries),
        # Staff may have said another price since: the newest is the one that counts.
        quote=next(iter(list_quotes(request)), None),
        payment=next(iter(payments), None),
        paid_pence=sum(payment.total_pence for payment in payments if payment.paid_at),
        refunded_pence=sum(payment.refunded_pence for payment in payments),
    )


def list_quotes(request: InformationRequest) -> list[QuoteDetail]:
    """Return what staff said that a request costs, the newest first."""
    return [
        QuoteDetail(
            number=quote.number,
            lines=tuple(QuoteLine(**line) for line in quote.lines),
            total_pence=quote.total_pence,
            vat_pence=sum(line["vat_pence"] for line in quote.lines),
            note=quote.note,
            quoted_at=quote.quoted_at,
            quoted_by=quote.quoted_by_name,
        )
        for quote in request.quotes.order_by("-number")
    ]
