"""Payments and refunds as the stand-in keeps them, and as the API shows them."""

import secrets
import string
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

EXPIRES_AFTER = timedelta(minutes=90)
FINISHED = {"success", "failed", "cancelled", "error"}
_ALPHABET = string.ascii_lowercase + string.digits


def new_id() -> str:
    """Return an id of 26 letters and digits, as GOV.UK Pay makes them."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(26))


def to_text(moment: datetime) -> str:
    """Return an instant as the API writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(slots=True)
class RefundRecord:
    """A refund."""

    refund_id: str
    amount: int
    status: str
    created_at: str


@dataclass(slots=True)
class PaymentRecord:
    """A payment. `request` is the body that created it."""

    payment_id: str
    request: dict[str, Any]
    idempotency_key: str
    created_at: datetime
    status: str = "created"
    code: str = ""
    message: str = ""
    card: dict[str, str] = field(default_factory=dict)
    email: str = ""
    refunds: list[RefundRecord] = field(default_factory=list)
    events: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        """Say whether nothing will become of it any more."""
        return self.status in FINISHED

    @property
    def amount(self) -> int:
        """Return the amount in pence."""
        return int(self.request["amount"])

    @property
    def refunded(self) -> int:
        """Return how much was given back, or is on its way."""
        return sum(refund.amount for refund in self.refunds if refund.status != "error")

    def to_json(self) -> dict[str, Any]:
        """Return it as a line of the stand-in's file."""
        return asdict(self) | {"created_at": self.created_at.isoformat()}

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> "PaymentRecord":
        """Return a payment from a line of the stand-in's file."""
        refunds = [RefundRecord(**refund) for refund in line.pop("refunds")]
        events = [(status, at) for status, at in line.pop("events")]
        created_at = datetime.fromisoformat(line.pop("created_at"))
        return cls(**line, created_at=created_at, refunds=refunds, events=events)


def show_payment(payment: PaymentRecord, address: str) -> dict[str, Any]:
    """Return a payment as `GET /v1/payments/{id}` shows it, without the links to pay it."""
    own = f"{address}/v1/payments/{payment.payment_id}"
    state: dict[str, Any] = {"status": payment.status, "finished": payment.is_finished}
    if payment.code:
        state |= {"code": payment.code, "message": payment.message}
    links: dict[str, Any] = {
        "self": {"href": own, "method": "GET"},
        "events": {"href": f"{own}/events", "method": "GET"},
        "refunds": {"href": f"{own}/refunds", "method": "GET"},
    }
    if not payment.is_finished:
        links["cancel"] = {"href": f"{own}/cancel", "method": "POST"}
    shown: dict[str, Any] = {
        "amount": payment.amount,
        "description": payment.request["description"],
        "reference": payment.request["reference"],
        "language": payment.request.get("language", "en"),
        "state": state,
        "payment_id": payment.payment_id,
        "payment_provider": "sandbox",
        "created_date": to_text(payment.created_at),
        "return_url": payment.request["return_url"],
        "delayed_capture": False,
        "moto": bool(payment.request.get("moto", False)),
        "refund_summary": _show_refund_summary(payment),
        "settlement_summary": {},
        "_links": links,
    }
    if email := payment.email or payment.request.get("email", ""):
        shown["email"] = email
    if metadata := payment.request.get("metadata"):
        shown["metadata"] = metadata
    if payment.card:
        shown["card_details"] = payment.card
    return shown


def show_refund(payment: PaymentRecord, refund: RefundRecord, address: str) -> dict[str, Any]:
    """Return a refund as the API shows it with its payment."""
    own = f"{address}/v1/payments/{payment.payment_id}"
    return {
        "refund_id": refund.refund_id,
        "created_date": refund.created_at,
        "amount": refund.amount,
        "status": refund.status,
        "_links": {
            "self": {"href": f"{own}/refunds/{refund.refund_id}", "method": "GET"},
            "payment": {"href": own, "method": "GET"},
        },
    }


def _show_refund_summary(payment: PaymentRecord) -> dict[str, Any]:
    available = payment.amount - payment.refunded
    if payment.status != "success":
        status = "unavailable" if payment.is_finished else "pending"
        available = payment.amount
    else:
        status = "available" if available else "full"
    return {
        "status": status,
        "amount_available": available,
        "amount_submitted": payment.refunded,
    }
