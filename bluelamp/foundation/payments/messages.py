"""What people read about payments: problems, and why a payment failed."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "fee_unknown": _("There is no fee called %(fee)s"),
    "fee_not_confirmed": _(
        "We cannot take this fee online yet, because its amount has not been confirmed: %(fee)s"
    ),
    "quantity_out_of_range": _("The number must be between 1 and %(maximum)s"),
    "total_too_large": _("This comes to more than can be paid in one payment"),
    "under_way": _(
        "Someone is paying this by card at the moment. Wait until they have finished, or cancel"
        " their payment first"
    ),
    "not_due": _("This payment is not due"),
    "not_paid": _("This payment has not been paid"),
    "nothing_left": _("All of this payment has been refunded or is waiting for approval"),
    "refund_too_large": _("The refund must be between 1p and %(left)s"),
    "refund_on_its_way": _(
        "Another refund of this payment is on its way. Wait until it has arrived"
    ),
    "refund_decided": _("Someone has already decided this refund"),
    "second_person_needed": _("Someone other than the person who asked for it must decide"),
    "not_to_be_repaid": _("This refund is not to be repaid by cheque or transfer"),
    "ground_missing": _("Select why they do not have to pay"),
    "waiver_note_missing": _("Enter what you checked"),
    "decline_note_missing": _("Enter why you declined the refund"),
    "clear_note_missing": _("Enter what you did about it"),
    "method_missing": _("Select how they paid"),
    "receipt_reference": _("Receipt, cheque or terminal number"),
    "receipt_reference_missing": _("Enter the receipt, cheque or terminal number"),
    "repaid_reference": _("Cheque or transfer number"),
    "repaid_reference_missing": _("Enter the cheque or transfer number"),
    "reason": _("The reason"),
    "reason_missing": _("Enter why the money should be refunded"),
    "note": _("The note"),
    "source": _("Where the amount is from"),
    "source_missing": _("Enter where the amount is from"),
    "amount_out_of_range": _("Enter an amount between £0 and £100,000"),
    "vat_out_of_range": _("VAT must be between 0 and 100 per cent"),
    "ends_before_it_begins": _("The last day must be after the first"),
    "day_in_future": _("The day must be today or in the past"),
    "webhook_malformed": "The message is not what the documentation of GOV.UK Pay says.",
}

FAILURES = {
    "P0010": _("Your bank or card provider did not accept the payment."),
    "P0020": _("You did not finish paying within 90 minutes."),
    "P0030": _("You cancelled the payment."),
    "P0040": _("We cancelled the payment."),
    "P0050": _("There was a technical problem with the payment provider."),
}
"""Why a payment failed, by GOV.UK Pay's code, as the payer reads it."""

FAILURE_ADVICE = {
    "P0010": _(
        "Check your card details and try again, or use another card. Your bank can tell you why."
    ),
    "P0020": _("Start again when you have your card with you."),
    "P0030": _("You can pay now or later. Keep the link to this page."),
    "P0040": _("You can try again."),
    "P0050": _("Try again in a few minutes, or use another card."),
}
"""What the payer can do about it."""

EXEMPTION_TITLES = {
    "club_responsible_officer": _("Responsible officer of an approved club"),
    "special_certificate": _("Certificate that the law makes free"),
    "bereaved_family": _("Family of someone who died in the incident"),
    "criminal_injuries_claim": _("Claim for criminal injuries compensation"),
    "fault_of_ours": _("We made a mistake"),
    "court_direction": _("A court directed that no fee is paid"),
    "other": _("Another reason"),
}
"""Why somebody need not pay, by the codes of `rules.EXEMPTIONS`."""

STAFF_CODES = {
    "P0010": _("Declined by the card provider"),
    "P0020": _("Not finished within 90 minutes"),
    "P0030": _("Cancelled by the payer"),
    "P0040": _("Cancelled by us"),
    "P0050": _("Technical problem at the payment provider"),
}
"""Why a try failed, as staff read it."""

DIFFERENCES = {
    "surplus": _("Paid by card although nothing was due. Approve or decline the refund."),
    "other_payment": _("GOV.UK Pay answered about another amount or reference. Nothing is booked."),
    "unknown_here": _("GOV.UK Pay has a payment that we do not know."),
    "missing_there": _("GOV.UK Pay does not know this payment. Was the API key changed?"),
    "other_amount": _("The amounts differ."),
    "paid_only_there": _("GOV.UK Pay took the money, and it is not booked here."),
    "paid_only_here": _("It is booked here, and GOV.UK Pay says that it was not paid."),
    "refund_failed": _("The card could not be refunded. Repay by cheque or transfer."),
    "refund_unknown_here": _("GOV.UK Pay has a refund that we do not know."),
    "refund_missing_there": _("GOV.UK Pay does not know this refund."),
    "refund_other_amount": _("The amounts of a refund differ."),
    "refund_other_state": _("GOV.UK Pay says something else of a refund than we do."),
}
"""What differs between GOV.UK Pay and us, by the kind of difference."""
