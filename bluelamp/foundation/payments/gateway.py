"""GOV.UK Pay, by its published API: create, read, cancel, search and refund card payments.

Every answer is checked here for what we rely on and becomes a dataclass; properties that we do not
know are ignored, as its documentation asks. Nobody else speaks to GOV.UK Pay.
"""

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from bluelamp.foundation.payments.rules import AttemptState

LIVE_URL = "https://publicapi.payments.service.gov.uk"
DEMO_KEY = "api_demo_bluelamp_stand_in_key"
DEMO_WEBHOOK_SECRET = "webhook_demo_stand_in"
# Seconds. Nobody waits for a page as long as a job can; what was asked is read back later.
PAGE_TIMEOUT = httpx.Timeout(6.0, connect=3.0)
JOB_TIMEOUT = httpx.Timeout(20.0, connect=5.0)
# Seconds before each further try. GOV.UK Pay asks for a second at least after a 429.
RETRY_SECONDS = (1.0,)
PAGE_SIZE = 500
"""Results on a page of a search: the most that it gives."""

# Tests put an `httpx` transport here that leads to the stand-in without a network.
transport: httpx.BaseTransport | None = None
# One page at a time waits for GOV.UK Pay in each process. With two threads for all pages, a slow
# answer to two payers would otherwise stop everybody else's pages.
_page_slot = threading.BoundedSemaphore(1)
_MAX_WAIT_FOR_SLOT = 2.0


class NotSetUp(Exception):
    """There is no payment service: BLUELAMP_PAY_URL or its key is missing or not to be used."""


class Unavailable(Exception):
    """GOV.UK Pay could not be reached, was busy, or failed. What was asked may have been done."""


class ProviderRefused(Exception):
    """GOV.UK Pay answered that it will not do this.

    Attributes:
        status: The HTTP status.
        code: Its code, as P0501; "" if it gave none.
    """

    def __init__(self, status: int, code: str, description: str) -> None:
        super().__init__(f"{status} {code} {description}"[:300])
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class NewCardPayment:
    """What to create. The same again, under the same key, is the same payment at GOV.UK Pay."""

    idempotency_key: str
    amount_pence: int
    reference: str
    description: str
    return_url: str
    language: str
    email: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CardPayment:
    """A payment as GOV.UK Pay has it.

    Attributes:
        next_url: Where to send the payer, once; "" if they cannot pay it any more.
        attempt_id: Our own id of the try, from its metadata.
        refund_available_pence: How much of it can be given back.
    """

    provider_id: str
    amount_pence: int
    reference: str
    state: AttemptState
    code: str
    next_url: str
    can_cancel: bool
    attempt_id: str
    refund_available_pence: int


@dataclass(frozen=True, slots=True)
class CardRefund:
    """A refund as GOV.UK Pay has it; `status` is submitted, success or error."""

    refund_id: str
    provider_id: str
    amount_pence: int
    status: str


def create_payment(payment: NewCardPayment, *, is_page: bool) -> CardPayment:
    """Create a card payment, or return the one that was created under this key before.

    Args:
        payment: What to create.
        is_page: Somebody waits for the page, so give up soon.

    Raises:
        NotSetUp, Unavailable, ProviderRefused.
    """
    body: dict[str, Any] = {
        "amount": payment.amount_pence,
        "reference": payment.reference,
        "description": payment.description,
        "return_url": payment.return_url,
        "language": payment.language,
        "metadata": dict(payment.metadata),
    }
    if payment.email:
        body["email"] = payment.email
    headers = {"Idempotency-Key": payment.idempotency_key}
    answer = _call("POST", "/v1/payments", is_page=is_page, body=body, headers=headers)
    return _to_payment(answer)


def get_payment(provider_id: str, *, is_page: bool = False) -> CardPayment:
    """Return a payment as it is now: this read is strongly consistent, unlike a search."""
    return _to_payment(_call("GET", f"/v1/payments/{provider_id}", is_page=is_page))


def cancel_payment(provider_id: str, *, is_page: bool = False) -> None:
    """Cancel a payment that is not finished. Raises ProviderRefused where it is too late."""
    _call("POST", f"/v1/payments/{provider_id}/cancel", is_page=is_page)


def refund_payment(provider_id: str, *, amount_pence: int, available_pence: int) -> CardRefund:
    """Give back a part of a payment, or all of it.

    Args:
        provider_id: The payment.
        amount_pence: How much to give back.
        available_pence: How much could be given back before. GOV.UK Pay refuses with 412 if that is
            no longer so, which makes it safe to ask again.
    """
    body = {"amount": amount_pence, "refund_amount_available": available_pence}
    # Never tried again here: this request has no idempotency key.
    answer = _call("POST", f"/v1/payments/{provider_id}/refunds", body=body, retries=())
    return _to_refund(answer, provider_id)


def list_refunds(provider_id: str) -> list[CardRefund]:
    """Return the refunds of a payment."""
    answer = _call("GET", f"/v1/payments/{provider_id}/refunds")
    refunds = (answer.get("_embedded") or {}).get("refunds") or []
    return [_to_refund(refund, provider_id) for refund in refunds]


def get_refund(provider_id: str, refund_id: str) -> CardRefund:
    """Return a refund as it is now."""
    answer = _call("GET", f"/v1/payments/{provider_id}/refunds/{refund_id}")
    return _to_refund(answer, provider_id)


def search_payments(**criteria: str) -> Iterator[CardPayment]:
    """Yield the payments that a search finds; a new one may be missing for a minute.

    Args:
        criteria: Those of the API: `reference`, `from_date`, `to_date`, `state` …
    """
    for result in _search_all_pages("/v1/payments", criteria):
        yield _to_payment(result)


def search_refunds(*, from_date: datetime, to_date: datetime) -> Iterator[CardRefund]:
    """Yield the refunds that were made between two instants."""
    criteria = {"from_date": format_instant(from_date), "to_date": format_instant(to_date)}
    for result in _search_all_pages("/v1/refunds", criteria):
        yield _to_refund(result, str(result.get("payment_id", "")))


def format_instant(moment: datetime) -> str:
    """Return an instant as the API's searches take it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def payment_pages_origin() -> str:
    """Return where GOV.UK Pay's own pages are, as a Content-Security-Policy names it; "" if none.

    Its documentation does not promise one host name, so any of its own counts. A stand-in serves
    its pages where it serves its API.
    """
    url = settings.BLUELAMP_PAY_URL
    if url.rstrip("/") == LIVE_URL:
        return "https://*.payments.service.gov.uk"
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def is_payment_page(url: str) -> bool:
    """Say whether an address is on GOV.UK Pay's own pages: we send payers nowhere else."""
    if settings.BLUELAMP_PAY_URL.rstrip("/") == LIVE_URL:
        parts = urlsplit(url)
        host = parts.hostname or ""
        # With the dot: evilpayments.service.gov.uk is another host.
        return parts.scheme == "https" and host.endswith(".payments.service.gov.uk")
    return url.startswith(f"{payment_pages_origin()}/")


def api_key() -> str:
    """Return the API key. Raises NotSetUp where it is missing, or the stand-in's in production."""
    key = settings.BLUELAMP_PAY_KEY or (DEMO_KEY if settings.BLUELAMP_DEMO else "")
    if not settings.BLUELAMP_PAY_URL or not key:
        raise NotSetUp("There is no payment service: set BLUELAMP_PAY_URL and BLUELAMP_PAY_KEY.")
    if key == DEMO_KEY and not settings.BLUELAMP_DEMO:
        raise NotSetUp("BLUELAMP_PAY_KEY is the stand-in's key, which takes no money.")
    return key


def webhook_secret() -> str:
    """Return what GOV.UK Pay signs its webhook messages with; "" where we take none."""
    secret: str = settings.BLUELAMP_PAY_WEBHOOK_SECRET
    if secret == DEMO_WEBHOOK_SECRET and not settings.BLUELAMP_DEMO:
        return ""
    return secret or (DEMO_WEBHOOK_SECRET if settings.BLUELAMP_DEMO else "")


def _search_all_pages(path: str, criteria: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    page = 1
    while True:
        query = {**criteria, "page": str(page), "display_size": str(PAGE_SIZE)}
        answer = _call("GET", path, query=query)
        results = answer.get("results") or (answer.get("_embedded") or {}).get("refunds") or []
        yield from results
        # Or no results: a total that is wrong must not make us ask for pages without end.
        if page * PAGE_SIZE >= int(answer.get("total") or 0) or not results:
            return
        page += 1


def _call(
    method: str,
    path: str,
    *,
    is_page: bool = False,
    body: Mapping[str, Any] | None = None,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    retries: tuple[float, ...] | None = None,
) -> dict[str, Any]:
    """Send a request and return the answer's body, {} where it has none.

    A 429 and a failure of GOV.UK Pay are tried again after a while. A job is also tried again as a
    whole, ever later.
    """
    if not is_page:
        return _call_with_retries(method, path, body, query, headers, JOB_TIMEOUT, retries)
    # A slow service must not take every thread that serves pages.
    if not _page_slot.acquire(timeout=_MAX_WAIT_FOR_SLOT):
        raise Unavailable("too many pages wait for GOV.UK Pay")
    try:
        return _call_with_retries(method, path, body, query, headers, PAGE_TIMEOUT, retries)
    finally:
        _page_slot.release()


def _call_with_retries(
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    query: Mapping[str, str] | None,
    headers: Mapping[str, str] | None,
    timeout: httpx.Timeout,
    retries: tuple[float, ...] | None,
) -> dict[str, Any]:
    # A tuple of none is a choice of the caller's: only None stands for the usual waits.
    waits = list(RETRY_SECONDS if retries is None else retries)
    while True:
        try:
            return _send(method, path, body, query, headers, timeout)
        except Unavailable:
            if not waits:
                raise
            time.sleep(waits.pop(0))


def _send(
    method: str,
    path: str,
    body: Mapping[str, Any] | None,
    query: Mapping[str, str] | None,
    headers: Mapping[str, str] | None,
    timeout: httpx.Timeout,
) -> dict[str, Any]:
    all_headers = {
        "Authorization": f"Bearer {api_key()}",
        "Accept": "application/json",
        **(headers or {}),
    }
    if method == "POST":
        # Its firewall refuses a POST without this header (P0920).
        all_headers["Content-Type"] = "application/json"
    try:
        with httpx.Client(
            base_url=settings.BLUELAMP_PAY_URL,
            timeout=timeout,
            transport=transport,
            # Our key goes to the address of the settings and to no other.
            follow_redirects=False,
            trust_env=False,
        ) as client:
            answer = client.request(
                method, path, json=body, params=query and dict(query), headers=all_headers
            )
    except httpx.HTTPError as fault:
        # The class and not the text: the text has the address, with the payment's id.
        raise Unavailable(type(fault).__name__) from fault
    return _read_answer(answer)


def _read_answer(answer: httpx.Response) -> dict[str, Any]:
    # A proxy on the way answers in HTML: the status counts, and not the body.
    try:
        content = answer.json() if answer.content else {}
    except ValueError:
        content = {}
    if not isinstance(content, dict):
        content = {}
    # What failed there may have been done all the same, so it is never taken for a refusal.
    if answer.status_code == 429 or answer.status_code >= 500:
        raise Unavailable(f"{answer.status_code} {content.get('code', '')}".strip())
    if answer.status_code >= 300:
        raise ProviderRefused(
            answer.status_code, str(content.get("code", "")), str(content.get("description", ""))
        )
    return content


def _to_payment(answer: Mapping[str, Any]) -> CardPayment:
    """Return the payment of an answer. Raises Unavailable where it is not one."""
    try:
        state, links = answer["state"], answer.get("_links") or {}
        return CardPayment(
            provider_id=str(answer["payment_id"]),
            amount_pence=int(answer["amount"]),
            reference=str(answer["reference"]),
            state=AttemptState(state["status"]),
            code=str(state.get("code") or ""),
            # Links are null where they lead nowhere any more.
            next_url=str((links.get("next_url") or {}).get("href") or ""),
            can_cancel=bool(links.get("cancel")),
            attempt_id=str((answer.get("metadata") or {}).get("attempt", "")),
            refund_available_pence=int(
                (answer.get("refund_summary") or {}).get("amount_available") or 0
            ),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable(f"an answer without {fault}") from fault


def _to_refund(answer: Mapping[str, Any], provider_id: str) -> CardRefund:
    try:
        return CardRefund(
            refund_id=str(answer["refund_id"]),
            provider_id=provider_id,
            amount_pence=int(answer["amount"]),
            status=str(answer["status"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise Unavailable(f"an answer without {fault}") from fault
