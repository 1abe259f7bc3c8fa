"""The pages of a payment: its summary, the way to GOV.UK Pay and back, and the receipt."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.payments import commands, gateway, lookups
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.messages import FAILURE_ADVICE, FAILURES
from bluelamp.web.actor import get_actor
from bluelamp.web.languages import active_language, data_text, in_active_language
from bluelamp.web.middleware import POLICY
from bluelamp.web.public.pay.closed import closed_sentence
from bluelamp.web.public.rate_limits import enforce_limit
from bluelamp.web.receipts import format_pounds, method_text, receipt_response
from bluelamp.web.render import render

# For each address: people who pay for a household, or from a library, are not stopped.
MAX_TRIES_AN_HOUR = 60
RETRY_AFTER_SECONDS = 10
# Every way in which GOV.UK Pay cannot be asked now: the page is the same, and so is what to do.
UNREACHABLE = (gateway.NotSetUp, gateway.Unavailable, gateway.ProviderRefused)


@require_http_methods(["GET", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is to be paid and how far it is; on POST go to GOV.UK Pay."""
    if request.method == "POST":
        return _go_to_pay(request, token)
    payment = lookups.get_payment_by_token(actor=get_actor(request), at=now(), token=token)
    return _payment_page(request, payment)


@require_safe
def back(request: HttpRequest, token: str) -> HttpResponse:
    """Read back how the payment went, for somebody who comes from GOV.UK Pay."""
    try:
        payment = commands.refresh_payment(actor=get_actor(request), at=now(), token=token)
    except UNREACHABLE:
        payment = lookups.get_payment_by_token(actor=get_actor(request), at=now(), token=token)
    if payment.is_under_way:
        # It was left, is not confirmed yet, or there is no answer: nothing is known, so the page
        # says just that and asks again by itself.
        response = _render(request, "public/pay/checking.html.jinja", payment, {})
        response.headers["Refresh"] = str(RETRY_AFTER_SECONDS)
        return response
    # Loading this page again, or going back to it, must not lead to an old answer.
    return HttpResponseRedirect(reverse("pay", kwargs={"token": token}))


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Return the receipt of a payment as PDF."""
    payment = lookups.get_receipt(actor=get_actor(request), at=now(), token=token)
    return receipt_response(payment)


def allow_payment_pages(response: HttpResponse) -> HttpResponse:
    """Let a form of this page lead to GOV.UK Pay, which our security policy otherwise forbids."""
    if origin := gateway.payment_pages_origin():
        policy = POLICY.replace("form-action 'self'", f"form-action 'self' {origin}")
        response.headers["Content-Security-Policy"] = policy
    return response


def _go_to_pay(request: HttpRequest, token: str) -> HttpResponse:
    enforce_limit(request, MAX_TRIES_AN_HOUR, act="payment.attempted")
    return_url = settings.BLUELAMP_ORIGIN + reverse("pay-back", kwargs={"token": token})
    actor, at = get_actor(request), now()
    # The page may be an old one: what it is for may have been refused since.
    payment = lookups.get_payment_by_token(actor=actor, at=at, token=token)
    if closed_sentence(actor, at, payment):
        return HttpResponseRedirect(reverse("pay", kwargs={"token": token}))
    try:
        step = commands.start_payment(
            actor=actor, at=at, token=token, return_url=return_url, language=active_language()
        )
    except UNREACHABLE:
        payment = lookups.get_payment_by_token(actor=actor, at=at, token=token)
        extra = {"is_unavailable": True}
        return _render(request, "public/pay/pay.html.jinja", payment, extra, status=503)
    if step.next_url:
        # Nothing of it is stored: the link works once, and belongs to this browser.
        return HttpResponseRedirect(step.next_url)
    name = "pay-back" if step.payment.is_under_way else "pay"
    return HttpResponseRedirect(reverse(name, kwargs={"token": token}))


def _payment_page(request: HttpRequest, payment: PaymentDetail) -> HttpResponse:
    template = "paid" if payment.state == "paid" else "pay"
    extra = {"closed": closed_sentence(get_actor(request), now(), payment)}
    return _render(request, f"public/pay/{template}.html.jinja", payment, extra)


def _render(
    request: HttpRequest,
    template: str,
    payment: PaymentDetail,
    extra: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "payment": payment,
        "rows": _summary_rows(payment),
        "total": format_pounds(payment.total_pence),
        "refunded": format_pounds(payment.refunded_pence) if payment.refunded_pence else "",
        "failure": str(FAILURES.get(payment.failure, "")),
        "advice": str(FAILURE_ADVICE.get(payment.failure, "")),
        "pay_url": reverse("pay", kwargs={"token": payment.token}),
        "back_url": reverse("pay-back", kwargs={"token": payment.token}),
        "receipt_url": reverse("pay-receipt", kwargs={"token": payment.token}),
        # The language may have changed since the payment was asked for.
        "return_path": in_active_language(payment.return_path),
        "is_unavailable": False,
        "closed": "",
        **extra,
    }
    return allow_payment_pages(render(request, template, context, status=status))


def _summary_rows(payment: PaymentDetail) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = [(_("What it is for"), data_text(payment.description))]
    rows.append((_("Our reference"), payment.payable_reference))
    if len(payment.lines) > 1 or payment.vat_pence:
        for line in payment.lines:
            title = data_text(line.title)
            times = f" × {line.quantity}" if line.quantity > 1 else ""
            rows.append((format_html("{}{}", title, times), format_pounds(line.net_pence)))
    if payment.vat_pence:
        rows.append((_("VAT"), format_pounds(payment.vat_pence)))
    total = _("Total paid") if payment.paid_at else _("Total to pay")
    rows.append((total, format_pounds(payment.total_pence)))
    rows.append((_("Payment reference"), payment.reference))
    if payment.paid_at:
        rows.append((_("How it was paid"), method_text(payment.method)))
    return rows
