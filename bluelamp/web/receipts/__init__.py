"""Receipts as PDF, for the public pages and the desk."""

from pathlib import Path

from django.http import HttpResponse
from django.utils.translation import gettext as _

from bluelamp.foundation.documents.pdf import render
from bluelamp.foundation.kernel.clock import london_date
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.web.force import force_name
from bluelamp.web.formats import format_date
from bluelamp.web.languages import is_welsh

TEMPLATE = Path(__file__).parent / "receipt.typ"


def format_pounds(pence: int) -> str:
    """Return an amount with its pence, as a receipt has it: £194.00."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def receipt_response(payment: PaymentDetail) -> HttpResponse:
    """Return the receipt of a payment as a PDF/A to download."""
    assert payment.paid_at is not None
    content = render(template=TEMPLATE, data=_receipt_data(payment), made_at=payment.paid_at)
    response = HttpResponse(content, content_type="application/pdf")
    name = f"receipt-{payment.reference}.pdf"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def method_text(method: str) -> str:
    """Return how the money came, in words."""
    return {
        "online": _("Card, on GOV.UK Pay"),
        "cash": _("Cash"),
        "cheque": _("Cheque"),
        "phone": _("Card, over the phone"),
    }.get(method, "")


def _receipt_data(payment: PaymentDetail) -> dict[str, object]:
    assert payment.paid_at is not None
    rates = sorted({line.vat_percent for line in payment.lines if line.vat_percent})
    return {
        "lang": "cy" if is_welsh() else "en",
        "title": _("Receipt"),
        "force": force_name(),
        "facts": [
            [_("Payment reference"), payment.reference],
            [_("For"), _(payment.description)],
            [_("Our reference"), payment.payable_reference],
            [_("Paid on"), format_date(london_date(payment.paid_at))],
            [_("How it was paid"), method_text(payment.method)],
        ],
        "head": [_("Item"), _("Number"), _("Amount before VAT"), _("VAT")],
        "lines": [
            [
                _(line.title),
                str(line.quantity),
                format_pounds(line.net_pence),
                format_pounds(line.vat_pence),
            ]
            for line in payment.lines
        ],
        "total_label": _("Total paid"),
        "total": format_pounds(payment.total_pence),
        "vat": _("VAT at %(rates)s%%: %(amount)s")
        % {"rates": ", ".join(map(str, rates)), "amount": format_pounds(payment.vat_pence)}
        if rates
        else _("These fees are outside the scope of VAT."),
        "refunded": _("Refunded since: %(amount)s")
        % {"amount": format_pounds(payment.refunded_pence)}
        if payment.refunded_pence
        else "",
    }
