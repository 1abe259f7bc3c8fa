"""Whether what a payment is for was refused or closed: then nobody is asked to pay for it.

Payments know nothing of the services that ask for them, so the page asks the service.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.services.firearms.lookups.closed import is_application_closed
from bluelamp.services.firearms.reads import PAYABLE_KIND as APPLICATION
from bluelamp.services.requests.lookups import is_request_refused
from bluelamp.services.requests.rules import PAYABLE_KIND as REQUEST


def closed_sentence(actor: Actor, at: datetime, payment: PaymentDetail) -> str:
    """Return that what a payment is for is closed, "" where it is open."""
    if payment.payable_kind == REQUEST and is_request_refused(
        actor=actor, at=at, request_id=payment.payable_id
    ):
        return _("We cannot give you what you asked for.")
    if payment.payable_kind == APPLICATION and is_application_closed(
        actor=actor, at=at, application_id=payment.payable_id
    ):
        return _("Your application is closed.")
    return ""
