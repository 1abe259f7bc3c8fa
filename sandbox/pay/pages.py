"""The payment pages of the stand-in: enter a card, check, confirm or cancel. No JavaScript."""

from html import escape

from sandbox.pay.records import PaymentRecord

_STYLE = """
body{font:19px/1.5 Arial,sans-serif;margin:0;color:#0b0c0c}
header{background:#0b0c0c;color:#fff;padding:12px 20px;font-weight:bold}
.banner{background:#f3f2f1;border-bottom:1px solid #b1b4b6;padding:8px 20px;font-size:16px}
main{max-width:640px;margin:30px auto;padding:0 20px}
h1{font-size:32px;line-height:1.2}label{display:block;font-weight:bold;margin-top:20px}
input{font:inherit;padding:5px;border:2px solid #0b0c0c;width:100%;max-width:320px;
box-sizing:border-box}
input:focus,button:focus,a:focus{outline:3px solid #fd0;outline-offset:0}
button{font:inherit;background:#00703c;color:#fff;border:0;padding:8px 12px;margin:24px 16px 0 0;
box-shadow:0 2px 0 #002d18;cursor:pointer}
button.second{background:#f3f2f1;color:#0b0c0c;box-shadow:0 2px 0 #929191}
.error{border:5px solid #d4351c;padding:12px 20px}dt{font-weight:bold}dd{margin:0 0 12px}
.amount{font-size:27px;font-weight:bold}
"""
_MOCK_CARDS = """
<p>Use 4242 4242 4242 4242 to pay. These fail: 4000 0000 0000 0002 (declined),
4000 0000 0000 0069 (expired card), 4000 0000 0000 0127 (wrong security code),
4000 0000 0000 0119 (error).</p>
"""


def format_amount(pence: int) -> str:
    """Return an amount as the pages show it."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def card_page(payment: PaymentRecord, *, error: str = "") -> str:
    """Return the page on which a card is entered."""
    problem = (
        f'<div class="error" role="alert"><h2>There is a problem</h2><p>{escape(error)}</p></div>'
        if error
        else ""
    )
    email = escape(payment.email or payment.request.get("email", ""))
    path = f"/card_details/{payment.payment_id}"
    return _page(
        "Enter card details",
        f"""{problem}<h1>Enter card details</h1>{_summary(payment)}{_MOCK_CARDS}
<form method="post" action="{path}">
<label for="card-no">Card number</label>
<input id="card-no" name="cardNo" inputmode="numeric" autocomplete="cc-number">
<label for="expiry">Expiry date, like 12/30</label>
<input id="expiry" name="expiry" autocomplete="cc-exp">
<label for="cardholder-name">Name on card</label>
<input id="cardholder-name" name="cardholderName" autocomplete="cc-name">
<label for="cvc">Card security code</label>
<input id="cvc" name="cvc" inputmode="numeric" autocomplete="cc-csc">
<label for="email">Email</label>
<input id="email" name="email" type="email" value="{email}" autocomplete="email">
<div><button id="submit-card-details">Continue</button></div></form>
<form method="post" action="{path}/cancel">
<button class="second" id="cancel-payment">Cancel payment</button></form>""",
    )


def confirm_page(payment: PaymentRecord) -> str:
    """Return the page on which a payment is confirmed."""
    path = f"/card_details/{payment.payment_id}"
    last = escape(payment.card.get("last_digits_card_number", ""))
    return _page(
        "Confirm your payment",
        f"""<h1>Confirm your payment</h1>{_summary(payment)}
<p>Card ending {last}</p>
<form method="post" action="{path}/confirm"><button id="confirm">Confirm payment</button></form>
<form method="post" action="{path}/cancel">
<button class="second" id="cancel-payment">Cancel payment</button></form>""",
    )


def end_page(payment: PaymentRecord, title: str, text: str) -> str:
    """Return the page that says that a payment failed, with the way back to the service."""
    back = escape(payment.request["return_url"], quote=True)
    return _page(
        title,
        f"""<h1>{escape(title)}</h1><p>{escape(text)}</p>
<p><a id="return-url" href="{back}">Go back to try the payment again</a></p>""",
    )


def used_link_page() -> str:
    """Return the page for a link that was used, or a payment that this browser did not open."""
    return _page(
        "Your payment session has expired",
        """<h1>Your payment session has expired</h1>
<p>No money has been taken from your account. Go back to the service and try again.</p>""",
    )


def _summary(payment: PaymentRecord) -> str:
    return f"""<dl><dt>Payment for</dt><dd>{escape(payment.request["description"])}</dd>
<dt>Total amount</dt><dd class="amount">{format_amount(payment.amount)}</dd></dl>"""


def _page(title: str, content: str) -> str:
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{escape(title)} - stand-in for GOV.UK Pay</title><style>{_STYLE}</style></head>
<body><header>Payments stand-in</header>
<aside class="banner" aria-label="About these pages">
This is a stand-in for GOV.UK Pay. No money is taken. Enter no real card.</aside>
<main>{content}</main></body></html>"""
