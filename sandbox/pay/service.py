"""What GOV.UK Pay does with payments and refunds, apart from HTTP."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sandbox.pay.cards import ACCEPTED, card_brand, find_result
from sandbox.pay.faults import Faults
from sandbox.pay.records import (
    EXPIRES_AFTER,
    PaymentRecord,
    RefundRecord,
    new_id,
    show_payment,
    show_refund,
    to_text,
)
from sandbox.pay.webhooks import Webhooks

DEMO_KEY = "api_demo_bluelamp_stand_in_key"
DEMO_WEBHOOK_SECRET = "webhook_demo_stand_in"
PAGE_SIZE = 500


class Problem(Exception):
    """A request that the service refuses: an HTTP status and the body that says why."""

    def __init__(self, status: int, code: str, description: str, *, field: str = "") -> None:
        super().__init__(f"{status} {code} {description}")
        self.status = status
        self.body: dict[str, Any] = {"code": code, "description": description}
        if field:
            self.body["field"] = field


def utc_now() -> datetime:
    """Return the current instant."""
    return datetime.now(UTC)


class Pay:
    """The service, with one account.

    Attributes:
        faults: How the next requests go wrong.
        webhooks: The messages that it sends.
        violations: Every request and answer that did not fit the contract, a line each.
        address: Where it is served, for the links in its answers.
        clock: Returns the current instant.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        key: str = DEMO_KEY,
        webhook_secret: str = DEMO_WEBHOOK_SECRET,
        webhook_url: str = "",
        address: str = "http://pay.test",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self.key = key
        self.address = address
        self.clock = clock
        self.faults = Faults()
        self.webhooks = Webhooks(secret=webhook_secret, url=webhook_url, faults=self.faults)
        self.violations: list[str] = []
        self.payments: dict[str, PaymentRecord] = {}
        self._tokens: dict[str, str] = {}
        self._lagging_since: datetime | None = None
        self.lock = threading.RLock()
        self._file = folder / "payments.jsonl" if folder else None
        if self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._read_file(self._file)

    def create(self, body: dict[str, Any], idempotency_key: str) -> tuple[int, dict[str, Any]]:
        """Create a payment, or return the one that was created with this key and body before."""
        if idempotency_key:
            for payment in self.payments.values():
                if payment.idempotency_key == idempotency_key:
                    if payment.request != body:
                        raise Problem(
                            409,
                            "P0191",
                            "The Idempotency-Key you sent in the request header has already been"
                            " used to create a payment.",
                        )
                    return 200, self._show_created(payment)
        payment = PaymentRecord(new_id(), body, idempotency_key, self.clock())
        self.payments[payment.payment_id] = payment
        self._set_status(payment, "created")
        return 201, self._show_created(payment)

    def show(self, payment_id: str) -> dict[str, Any]:
        """Return one payment."""
        payment = self.find(payment_id, code="P0200")
        return self._with_pay_links(payment, show_payment(payment, self.address))

    def show_events(self, payment_id: str) -> dict[str, Any]:
        """Return what happened to a payment, the latest first."""
        payment = self.find(payment_id, code="P0300")
        own = f"{self.address}/v1/payments/{payment_id}"
        return {
            "payment_id": payment_id,
            "events": [
                {
                    "payment_id": payment_id,
                    "state": {"status": status, "finished": status in {"success", "failed"}},
                    "updated": at,
                    "_links": {"payment_url": {"href": own, "method": "GET"}},
                }
                for status, at in reversed(payment.events)
            ],
            "_links": {"self": {"href": f"{own}/events", "method": "GET"}},
        }

    def cancel(self, payment_id: str) -> None:
        """Cancel a payment for the service."""
        payment = self.find(payment_id, code="P0500")
        if payment.is_finished:
            raise Problem(400, "P0501", "Cancellation of payment failed")
        self.end(payment, "cancelled", "P0040", "Payment was cancelled by the service")

    def refund(self, payment_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Give back a part of a payment."""
        payment = self.find(payment_id, code="P0600")
        if "refund_amount_available" not in body:
            raise Problem(
                400,
                "P0601",
                "Missing mandatory attribute: refund_amount_available",
                field="refund_amount_available",
            )
        available = payment.amount - payment.refunded
        if payment.status != "success" or not available:
            raise Problem(400, "P0603", "The payment is not available for refund.")
        if body["refund_amount_available"] != available:
            raise Problem(412, "P0604", "Refund amount available mismatch.")
        if body["amount"] > available:
            raise Problem(
                422, "P0602", "Invalid attribute value: amount. It is more than is left.",
                field="amount",
            )  # fmt: skip
        status = self.faults.refund_status
        refund = RefundRecord(new_id(), int(body["amount"]), status, to_text(self.clock()))
        payment.refunds.append(refund)
        self._save()
        if status == "success":
            self._announce(payment, "card_payment_refunded")
        return show_refund(payment, refund, self.address)

    def finish_refund(self, payment_id: str, refund_id: str, status: str) -> None:
        """Let a refund that was submitted succeed or fail."""
        payment = self.payments[payment_id]
        next(r for r in payment.refunds if r.refund_id == refund_id).status = status
        self._save()
        if status == "success":
            self._announce(payment, "card_payment_refunded")

    def show_refund(self, payment_id: str, refund_id: str) -> dict[str, Any]:
        """Return one refund."""
        payment = self.find(payment_id, code="P0700")
        for refund in payment.refunds:
            if refund.refund_id == refund_id:
                return show_refund(payment, refund, self.address)
        raise Problem(404, "P0700", "Not found")

    def show_refunds(self, payment_id: str) -> dict[str, Any]:
        """Return the refunds of a payment. This list may lag behind."""
        payment = self.find(payment_id, code="P0800")
        own = f"{self.address}/v1/payments/{payment_id}"
        refunds = [] if self._is_lagging(self.clock()) else payment.refunds
        return {
            "payment_id": payment_id,
            "_embedded": {
                "refunds": [show_refund(payment, refund, self.address) for refund in refunds]
            },
            "_links": {
                "self": {"href": f"{own}/refunds", "method": "GET"},
                "payment": {"href": own, "method": "GET"},
            },
        }

    def search(self, query: dict[str, str]) -> dict[str, Any]:
        """Return a page of the payments that a query finds, the newest first."""
        found = []
        for payment in reversed(self.payments.values()):
            self._expire(payment)
            if self._is_found(payment, query):
                shown = show_payment(payment, self.address)
                shown["_links"].pop("next_url", None)
                found.append(shown)
        return self._page("payments", found, query, code="P0402")

    def search_refunds(self, query: dict[str, str]) -> dict[str, Any]:
        """Return a page of the refunds that a query finds, the newest first."""
        found = [
            {"payment_id": payment.payment_id, **show_refund(payment, refund, self.address)}
            for payment in reversed(self.payments.values())
            for refund in reversed(payment.refunds)
            if not self._is_lagging(datetime.fromisoformat(refund.created_at))
            and _is_between(datetime.fromisoformat(refund.created_at), query)
        ]
        return self._page("refunds", found, query, code="P1100")

    def open_page(self, token: str) -> PaymentRecord | None:
        """Return the payment of a one-time link, which works once; None where it does not."""
        payment = self.payments.get(self._tokens.pop(token, ""))
        if payment is None:
            return None
        self._expire(payment)
        if payment.status == "created":
            self._set_status(payment, "started")
            self._announce(payment, "card_payment_started")
        return payment

    def pay(self, payment: PaymentRecord, card_number: str, *, name: str = "") -> str:
        """Take a card for a payment that was started; return its status afterwards, "" for none."""
        self._expire(payment)
        result = find_result(card_number)
        if payment.status not in {"created", "started"} or result is None:
            return ""
        digits = "".join(filter(str.isdigit, card_number))
        payment.card = {
            "first_digits_card_number": digits[:6],
            "last_digits_card_number": digits[-4:],
            "cardholder_name": name or "A Payer",
            "expiry_date": "12/30",
            "card_brand": card_brand(digits),
            "card_type": "debit",
        }
        if result is ACCEPTED:
            self._set_status(payment, "submitted")
        else:
            self.end(payment, result.status, result.code, result.message)
        return payment.status

    def confirm(self, payment: PaymentRecord) -> bool:
        """Take the money of a payment whose card was accepted; say whether that was possible."""
        self._expire(payment)
        if payment.status != "submitted":
            return False
        self._set_status(payment, "success")
        self._announce(payment, "card_payment_succeeded")
        self._announce(payment, "card_payment_captured")
        return True

    def end(self, payment: PaymentRecord, status: str, code: str, message: str) -> None:
        """End a payment that was not paid."""
        if payment.is_finished:
            return
        payment.code, payment.message = code, message
        self._set_status(payment, status)
        kind = "card_payment_expired" if code == "P0020" else "card_payment_failed"
        self._announce(payment, kind)

    def find(self, payment_id: str, *, code: str) -> PaymentRecord:
        """Return a payment as it is now. Raises Problem 404 where there is none."""
        payment = self.payments.get(payment_id)
        if payment is None:
            raise Problem(404, code, "No payment matched the payment id you provided")
        self._expire(payment)
        return payment

    def _show_created(self, payment: PaymentRecord) -> dict[str, Any]:
        self._expire(payment)
        shown = self._with_pay_links(payment, show_payment(payment, self.address))
        # `card_details` of the two answers differ; a new payment has none.
        return shown

    def _with_pay_links(self, payment: PaymentRecord, shown: dict[str, Any]) -> dict[str, Any]:
        """Add the links to pay a payment, each good for one visit."""
        if payment.status not in {"created", "started"}:
            return shown
        token = new_id()
        self._tokens[token] = payment.payment_id
        shown["_links"]["next_url"] = {"href": f"{self.address}/secure/{token}", "method": "GET"}
        shown["_links"]["next_url_post"] = {
            "type": "application/x-www-form-urlencoded",
            "params": {"chargeTokenId": {"token": token}},
            "href": f"{self.address}/secure",
            "method": "POST",
        }
        return shown

    def _is_found(self, payment: PaymentRecord, query: dict[str, str]) -> bool:
        email = payment.email or payment.request.get("email", "")
        return (
            not self._is_lagging(payment.created_at)
            and query.get("reference", payment.request["reference"]) == payment.request["reference"]
            and query.get("email", "") in email
            and query.get("state", payment.status) == payment.status
            and _is_between(payment.created_at, query)
        )

    def _is_lagging(self, created_at: datetime) -> bool:
        """Say whether a search does not find yet what was made at an instant."""
        if not self.faults.does_search_lag:
            self._lagging_since = None
            return False
        self._lagging_since = self._lagging_since or self.clock()
        return created_at >= self._lagging_since

    def _page(
        self, name: str, found: list[dict[str, Any]], query: dict[str, str], *, code: str
    ) -> dict[str, Any]:
        page, size = int(query.get("page", "1")), int(query.get("display_size", str(PAGE_SIZE)))
        if not 1 <= size <= PAGE_SIZE or page < 1:
            raise Problem(422, "P0401", "Invalid parameters: page, display_size")
        last = max(1, -(-len(found) // size))
        if page > last:
            raise Problem(404, code, "Page not found")
        results = found[(page - 1) * size : page * size]
        url = f"{self.address}/v1/{name}?page="
        links = {
            "self": {"href": f"{url}{page}"},
            "first_page": {"href": f"{url}1"},
            "last_page": {"href": f"{url}{last}"},
        }
        if page < last:
            links["next_page"] = {"href": f"{url}{page + 1}"}
        return {
            "total": len(found),
            "count": len(results),
            "page": page,
            "results": results,
            "_links": links,
        }

    def _expire(self, payment: PaymentRecord) -> None:
        if not payment.is_finished and self.clock() - payment.created_at >= EXPIRES_AFTER:
            self.end(payment, "failed", "P0020", "Payment expired")

    def _set_status(self, payment: PaymentRecord, status: str) -> None:
        payment.status = status
        payment.events.append((status, to_text(self.clock())))
        self._save()

    def _announce(self, payment: PaymentRecord, event_type: str) -> None:
        resource = show_payment(payment, self.address)
        self.webhooks.add(event_type, resource, at=to_text(self.clock()))

    def _save(self) -> None:
        if self._file:
            lines = [json.dumps(payment.to_json()) for payment in self.payments.values()]
            fresh = self._file.with_suffix(".new")
            fresh.write_text("\n".join(lines) + "\n", encoding="utf-8")
            fresh.replace(self._file)

    def _read_file(self, path: Path) -> None:
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                payment = PaymentRecord.from_json(json.loads(line))
                self.payments[payment.payment_id] = payment


def _is_between(moment: datetime, query: dict[str, str]) -> bool:
    """Say whether an instant is in the dates of a query: from the first, before the second."""
    start, end = query.get("from_date", ""), query.get("to_date", "")
    try:
        return (not start or moment >= datetime.fromisoformat(start)) and (
            not end or moment < datetime.fromisoformat(end)
        )
    except ValueError:
        raise Problem(422, "P0401", "Invalid parameters: from_date, to_date") from None
