"""What people read for the codes of firearms licensing."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bluelamp.services.firearms.rules.applications import ApplicationKind
from bluelamp.services.firearms.rules.authority import Risk
from bluelamp.services.firearms.rules.checks import OPEN, CheckKind, CheckResult
from bluelamp.services.firearms.rules.conditions import StandardCondition
from bluelamp.services.firearms.rules.decisions import (
    COURT,
    AppealResult,
    CertificateKind,
    DecisionKind,
)
from bluelamp.services.firearms.rules.expiry import CertificateState
from bluelamp.services.firearms.rules.guns import GunStatus
from bluelamp.services.firearms.rules.missing import Missing
from bluelamp.services.firearms.rules.notices import NoticeKind, OtherKind
from bluelamp.services.firearms.rules.permits import PermitPurpose
from bluelamp.services.firearms.rules.stages import Stage

STAGE_TITLES: Mapping[str, Promise] = {
    Stage.RECEIVED: _("Received"),
    Stage.INCOMPLETE: _("Something is missing"),
    Stage.COMPLETE: _("Complete"),
    Stage.CHECKS: _("Being checked"),
    Stage.RECOMMENDED: _("Waiting for a decision"),
    Stage.GRANTED: _("Granted"),
    Stage.REFUSED: _("Refused"),
    Stage.ISSUED: _("Certificate issued"),
    Stage.WITHDRAWN: _("Withdrawn"),
}
KIND_TITLES: Mapping[str, Promise] = {
    ApplicationKind.GRANT: _("New certificate"),
    ApplicationKind.RENEWAL: _("Renewal"),
    ApplicationKind.VARIATION: _("Change to a firearm certificate"),
    ApplicationKind.REPLACEMENT: _("Replacement certificate"),
    ApplicationKind.DEALER: _("Registered dealer"),
    ApplicationKind.VISITOR_PERMIT: _("Visitor permit"),
    ApplicationKind.EXPLOSIVES: _("Explosives certificate"),
}
KIND_HINTS: Mapping[str, Promise] = {
    ApplicationKind.GRANT: _("You do not have a firearm or shotgun certificate now"),
    ApplicationKind.VARIATION: _("Add guns to your firearm certificate, or drop some"),
    ApplicationKind.REPLACEMENT: _("Your certificate was lost, stolen or destroyed"),
    ApplicationKind.DEALER: _("You trade in guns or repair them"),
    ApplicationKind.VISITOR_PERMIT: _("You invite somebody from abroad who brings a gun"),
    ApplicationKind.EXPLOSIVES: _("You acquire explosives, such as black powder, or keep them"),
}
"""What each kind is for. A renewal is begun from My licences."""
CERTIFICATE_TITLES: Mapping[str, Promise] = {
    CertificateKind.FIREARM: _("Firearm certificate"),
    CertificateKind.SHOTGUN: _("Shotgun certificate"),
    CertificateKind.DEALER: _("Certificate of registration as a dealer"),
    CertificateKind.VISITOR_PERMIT: _("Visitor permit"),
    CertificateKind.EXPLOSIVES: _("Explosives certificate"),
    CertificateKind.TEMPORARY_PERMIT: _("Temporary permit"),
}
CHECK_TITLES: Mapping[str, Promise] = {
    CheckKind.IDENTITY: _("Identity"),
    CheckKind.MEDICAL: _("Medical information"),
    CheckKind.REFEREES: _("Referees"),
    CheckKind.POLICE_DATABASES: _("Police databases"),
    CheckKind.LOCAL_RECORD: _("Our own records"),
    CheckKind.SOCIAL_MEDIA: _("Social media"),
    CheckKind.HOUSEHOLD: _("Partner and household"),
    CheckKind.DOMESTIC_ABUSE: _("Domestic abuse"),
    CheckKind.ABROAD: _("Time abroad"),
    CheckKind.LAND: _("Land"),
    CheckKind.CLUB: _("Club"),
    CheckKind.VISIT: _("Visit"),
    CheckKind.MARKER: _("Doctor’s marker"),
}
RESULT_TITLES: Mapping[str, Promise] = {
    OPEN: _("To do"),
    CheckResult.SATISFACTORY: _("Satisfactory"),
    CheckResult.CONCERN: _("Concern"),
    CheckResult.NOT_NEEDED: _("Not needed"),
}
RISK_TITLES: Mapping[str, Promise] = {
    Risk.LOW: _("Low"),
    Risk.MEDIUM: _("Medium"),
    Risk.HIGH: _("High"),
}
DECISION_TITLES: Mapping[str, Promise] = {
    DecisionKind.GRANT: _("Grant"),
    DecisionKind.PARTIAL_GRANT: _("Grant in part"),
    DecisionKind.REFUSE: _("Refuse"),
    DecisionKind.REVOKE: _("Revoke"),
    DecisionKind.PARTIAL_REVOKE: _("Revoke in part"),
}
DECISION_OUTCOMES: Mapping[str, Promise] = {
    DecisionKind.GRANT: _("Granted"),
    DecisionKind.PARTIAL_GRANT: _("Granted in part"),
    DecisionKind.REFUSE: _("Refused"),
    DecisionKind.REVOKE: _("Revoked"),
    DecisionKind.PARTIAL_REVOKE: _("Revoked in part"),
}
"""What was decided, for the person whom it is about."""
CERTIFICATE_STATES: Mapping[str, Promise] = {
    CertificateState.IN_FORCE: _("In force"),
    CertificateState.REVOKED: _("Revoked"),
    CertificateState.SURRENDERED: _("Surrendered"),
    CertificateState.SEIZED: _("Seized"),
    CertificateState.REPLACED: _("Replaced"),
    "expired": _("Expired"),
    "extended": _("Extended"),
}
GUN_STATES: Mapping[str, Promise] = {
    GunStatus.AUTHORISED: _("May be acquired"),
    GunStatus.HELD: _("Held"),
    GunStatus.LENT: _("Lent or hired out"),
    GunStatus.DISPOSED: _("Passed on"),
}
APPEAL_RESULTS: Mapping[str, Promise] = {
    AppealResult.ALLOWED: _("Allowed"),
    AppealResult.DISMISSED: _("Dismissed"),
    AppealResult.ABANDONED: _("Abandoned"),
}
GROUND_TITLES: Mapping[str, Promise] = {
    "27-unfit": _("Not fit to be entrusted with a firearm"),
    "27-no-reason": _("No good reason for the firearm or ammunition"),
    "27-danger": _("Danger to public safety or to the peace"),
    "21-prohibited": _("Prohibited from having firearms"),
    "28-danger": _("Cannot have a shotgun without danger to public safety or to the peace"),
    "28-no-reason": _("No good reason for a shotgun"),
    "30a-unfit": _("Intemperate habits, unsound mind, or otherwise unfit"),
    "30a-danger": _("Danger to public safety or to the peace"),
    "30a-prohibited": _("Prohibited from having firearms"),
    "30a-no-reason": _("No longer a good reason"),
    "30b-no-reason": _("No longer a good reason for some of the firearms"),
    "30c-danger": _("Cannot have a shotgun without danger to public safety or to the peace"),
    "30c-prohibited": _("Prohibited from having shotguns"),
    "33-barred": _("Barred by a court from being a dealer"),
    "33-danger": _("Danger to public safety or to the peace"),
    "33-not-trading": _("Not trading to a substantial extent"),
    "38-danger": _("Danger to public safety or to the peace"),
    "17-no-reason": _("Not visiting, or no good reason"),
    "17-danger": _("Danger to public safety or to the peace"),
    "17-prohibited": _("Prohibited from having firearms"),
    "17-revoke": _("The permit can no longer be held"),
    "er-prohibited": _("Prohibited from having explosives"),
    "er-unfit": _("Not a fit person to have explosives"),
}
COURT_TITLES: Mapping[str, Promise] = {COURT: _("Crown Court")}
"""Where somebody appeals, as the notice of a decision names it."""
CONDITION_TEXTS: Mapping[str, Promise] = {
    StandardCondition.SIGN: _("The holder must sign this certificate in ink when they receive it."),
    StandardCondition.NOTIFY: _(
        "The holder must tell the police force that issued this certificate, as soon as"
        " reasonably practicable and within 7 days, of the theft, loss or destruction of the"
        " certificate, of the theft, loss, deactivation or destruction of a gun, and of the theft"
        " or loss of ammunition."
    ),
    StandardCondition.ADDRESS: _(
        "The holder must tell that force of a change of their permanent address without undue"
        " delay."
    ),
    StandardCondition.STORAGE: _(
        "The guns and ammunition must be stored securely at all times, so that nobody who is not"
        " authorised can get to them as far as is reasonably practicable."
    ),
}
PERMIT_PURPOSES: Mapping[str, Promise] = {
    PermitPurpose.ESTATE: _("To keep and pass on the guns of somebody who died"),
    PermitPurpose.LATE_RENEWAL: _("We have not decided their renewal in time"),
    PermitPurpose.OTHER: _("Another reason"),
}
NOTICE_TITLES: Mapping[str, Promise] = {
    NoticeKind.PASSED_ON: _("You sold, gave, hired out or lent a gun"),
    NoticeKind.ACQUIRED: _("You bought or got a gun"),
    NoticeKind.RETURNED: _("A gun that was lent or hired out was given back"),
    NoticeKind.GUN_LOST: _("A gun was lost or stolen"),
    NoticeKind.GUN_DESTROYED: _("A gun was destroyed or deactivated"),
    NoticeKind.AMMUNITION_LOST: _("Ammunition was lost or stolen"),
    NoticeKind.CERTIFICATE_LOST: _("Your certificate was lost, stolen or destroyed"),
    NoticeKind.ADDRESS: _("You have a new address"),
    NoticeKind.HEALTH: _("Your health has changed"),
}
"""What a holder tells us of, as they read it."""
NOTICE_WAYS: Mapping[str, Promise] = {
    "sold": _("Sold"),
    "bought": _("Bought"),
    "given": _("Given"),
    "hired": _("Hired"),
    "lent": _("Lent"),
    "lost": _("Lost"),
    "stolen": _("Stolen"),
    "destroyed": _("Destroyed"),
    "deactivated": _("Deactivated"),
}
OTHER_KIND_TITLES: Mapping[str, Promise] = {
    OtherKind.HOLDER: _("Somebody with a certificate or permit"),
    OtherKind.DEALER: _("A registered firearms dealer"),
    OtherKind.OTHER: _("Somebody else, such as a buyer abroad"),
}
MESSAGES = {
    "notice_means_missing": _("Select how they told us"),
    "told_in_future": _("The date they told us must be today or in the past"),
    "told_long_ago": _("The date they told us must be in the last 3 years"),
    "wording_missing": _("Enter the wording of the condition"),
    "wording_label": _("The wording"),
    "source_missing": _("Enter where the wording is from"),
    "source_label": _("The source"),
    "wording_start_missing": _("Enter the day from which it counts"),
    "wording_start_past": _("The day from which it counts must be today or in the future"),
    "permit_purpose_missing": _("Select why the permit is needed"),
    "permit_guns_missing": _("Select or enter at least one gun"),
    "permit_too_many_guns": _("Select 40 guns or fewer"),
    "permit_gun_incomplete": _("Enter the kind, make, calibre and serial number of each gun"),
    "permit_gun_lent": _("Select guns that are not lent or hired out"),
    "permit_storage_missing": _("Enter where the guns are kept"),
    "permit_end_missing": _("Enter the last day of the permit"),
    "permit_end_wrong": _("The last day must be today or later, and in the next 184 days"),
    "permit_reasons_missing": _("Enter the reasons for the permit"),
    "permit_risk_missing": _("Select how high the risk is"),
    "permit_holder_wrong": _("Leave this empty: a late renewal is for the certificate’s holder"),
    "permit_holder_missing": _("Enter the name and address of the person who gets the permit"),
    "permit_storage_address_label": _("Where the guns are kept"),
    "permit_ammunition_label": _("The ammunition"),
    "permit_reasons_label": _("The reasons"),
    "photo_missing": _("Take or select a photo"),
    "photo_note_missing": _("Enter what the photo shows"),
    "visit_of_another": _("This visit is planned for another officer"),
    "file_missing": _("Select a file"),
    "file_note_missing": _("Enter what the files show"),
    "file_note_label": _("What the files show"),
    "visits_missing": _("Select at least one visit"),
    "too_many_visits": _("Select 12 visits or fewer for one day"),
    "visit_day_missing": _("Enter the day of the visits"),
    "visit_day_past": _("The day of the visits must be today or in the future"),
    "visit_start_missing": _("Enter when the first visit begins"),
    "visit_minutes_wrong": _("Enter a number of minutes from 20 to 240"),
    "visit_officer_missing": _("Select who makes the visits"),
    "visit_not_waiting": _("One of these no longer waits for a visit. Look at the list again"),
    "paper_kind_missing": _("Select what the form applies for"),
    "holder_number_wrong": _("Enter the number of one of our certificates, or leave it empty"),
    "holder_born_on_differs": _(
        "Date of birth must be that of the holder of the certificate. Check the number of the"
        " certificate on the form: if it is wrong, delete this and begin again"
    ),
    "received_on_missing": _("Enter the date it came in"),
    "received_in_future": _("The date it came in must be today or in the past"),
    "received_long_ago": _("The date it came in must be in the last 3 years"),
    "notice_outcome_missing": _("Select what you do about this notice"),
    "notice_action_reason_missing": _("Enter why"),
    "notice_acted_on": _("Somebody else has dealt with this notice already"),
    "notice_place_missing": _("Select where the gun goes on a certificate"),
    "gun_gone": _("This gun is no longer held on the certificate. Look at the certificate again"),
    "vetting_decision_missing": _("Select what you decided"),
    "vetting_reason_missing": _("Enter why you decided this"),
    "vetting_reason_label": _("Why you decided this"),
    "vetting_decided": _("Somebody else has decided this already"),
    "vetting_more_found": _("More was found since you opened this page. Read it, then decide"),
    "referee_email_wrong": _("Enter an email address in the correct format, like name@example.com"),
    "referee_email_own": _("Your referee’s email address must not be your own"),
    "referee_email_shared": _("Each referee must have an email address of their own"),
    "referee_phone_own": _("Your referee’s phone number must not be your own"),
    "referee_phone_shared": _("Each referee must have a phone number of their own"),
    "reply_scan_missing": _("Select a scan of the reply"),
    "reply_keyed_by_applicant": _(
        "You cannot key a reply about your own application. Ask somebody else"
    ),
    "referee_link_recent": _("We sent this link a short while ago. Try again in 8 hours"),
    "referee_links_many": _("We sent your referees many links today. Try again tomorrow"),
    "referee_name_missing": _("Enter the referee’s first and last name"),
    "referee_replied": _("This referee has replied"),
    "notice_way_missing": _("Select what happened"),
    "notice_gun_id_missing": _("Select which gun it is"),
    "notice_certificate_number_missing": _("Select which certificate it is"),
    "notice_gun_type_missing": _("Enter the kind of gun"),
    "notice_gun_make_missing": _("Enter the make"),
    "notice_gun_calibre_missing": _("Enter the calibre"),
    "notice_serial_number_missing": _("Enter the serial number"),
    "notice_happened_on_missing": _("Enter the date it happened"),
    "notice_other_kind_missing": _("Select who the other person is"),
    "notice_other_name_missing": _("Enter the name of the other person or business"),
    "notice_other_address_missing": _("Enter the address of the other person or business"),
    "notice_address_missing": _("Enter your new address"),
    "notice_postcode_missing": _("Enter your new postcode"),
    "notice_details_missing": _("Enter what happened or what has changed"),
    "notice_gun_type_label": _("The kind of gun"),
    "notice_gun_make_label": _("The make"),
    "notice_gun_model_label": _("The model"),
    "notice_gun_calibre_label": _("The calibre"),
    "notice_serial_number_label": _("The serial number"),
    "notice_other_name_label": _("The name of the other person or business"),
    "notice_other_address_label": _("The address of the other person or business"),
    "notice_other_number_label": _("The number of their certificate"),
    "notice_address_label": _("The address"),
    "notice_details_label": _("What you tell us"),
    "shotgun_not_varied": _("A shotgun certificate cannot be changed in this way"),
    "email_wrong": _("Enter an email address in the correct format, like name@example.com"),
    "code_wrong": _("Enter the code exactly as in our newest message"),
    "stage_wrong": _("This application is at another stage now. Look at it again"),
    "not_at_checks": _("This application is not being checked"),
    "not_recommended": _("This application is not waiting for a decision"),
    "checks_open": _("Every check must have a result first"),
    "check_result_missing": _("Select what the check came to"),
    "check_reason_missing": _("Enter why this is the result"),
    "search_reference_missing": _("Enter the reference of each search"),
    "visit_in_past": _("The visit must be in the future"),
    "evidence": _("The evidence"),
    "reason": _("The reason"),
    "factors": _("The factors"),
    "conclusion": _("The conclusion"),
    "reasons": _("The reasons"),
    "written_in": _("The written delegation"),
    "granted_by": _("Who gave the authority"),
    "guns_went_to": _("Where the guns went"),
    "proof": _("The proof of receipt"),
    "court": _("The court"),
    "court_reference": _("The court’s reference"),
    "decision_missing": _("Select a decision"),
    "ground_missing": _("Select at least one ground"),
    "ground_wrong": _("Select grounds that the law has for this decision"),
    "risk_missing": _("Select how high the risk is"),
    "factors_missing": _("Enter the factors you weighed"),
    "conclusion_missing": _("Enter your conclusion"),
    "reasons_missing": _("Enter the reasons"),
    "granted_kinds_missing": _("Select which certificates to grant"),
    "shotgun_conditions": _("A shotgun certificate cannot have extra conditions"),
    "too_many_conditions": _("Enter 10 conditions or fewer"),
    "condition_too_long": _("Each condition must be 600 characters or fewer"),
    "send_back_reason_missing": _("Enter what is still to be found out"),
    "notice_received_already": _("The person has received this notice already"),
    "certificate_ended": _("This certificate has ended"),
    "certificate_kind_missing": _("Select a kind of certificate"),
    "end_missing": _("Select whether it was surrendered or seized"),
    "end_day_missing": _("Enter the day it was handed in or seized"),
    "end_reason_missing": _("Enter why"),
    "day_missing": _("Enter the day"),
    "day_in_future": _("Date must be today or in the past"),
    "day_before_decision": _("Date must be the day of the decision or later"),
    "receipt_recorded": _("The receipt of this notice is on record already"),
    "proof_missing": _("Enter how we know"),
    "appeal_recorded": _("No appeal can be recorded against this decision"),
    "court_missing": _("Enter the court"),
    "appeal_confirmed": _("No appeal against this decision waits to be confirmed"),
    "guns_missing": _("Select the guns that this is about"),
    "appeal_over": _("There is no open appeal against this decision"),
    "appeal_result_missing": _("Select how the appeal ended"),
    "fee_unpaid": _("The fee is not paid yet. Take the payment before you grant this"),
    "fee_unpaid_issue": _("The fee is not paid. It must be paid or waived before you issue this"),
    "fee_waived_by_issuer": _("You waived the fee of this. Another person must issue it"),
    "complete_reason_missing": _("Enter why it is complete without what is missing"),
    "withdraw_too_late": _("This application is decided. It cannot be withdrawn any more"),
    "withdraw_reason_missing": _("Enter how and when they told us"),
    "authority_person_unknown": _("Select who may decide"),
    "authority_own": _("You cannot give authority to yourself"),
    "authority_start_missing": _("Enter the first day"),
    "authority_end_early": _("The last day must be the first day or later"),
    "written_in_missing": _("Enter where it is written down"),
    "granted_by_missing": _("Enter who gave the authority"),
}


STAGE_OWNERS: Mapping[str, Promise] = {
    Stage.RECEIVED: _("The licensing team"),
    Stage.INCOMPLETE: _("You, your referees or your doctor"),
    Stage.COMPLETE: _("The licensing team"),
    Stage.CHECKS: _("A firearms enquiry officer"),
    Stage.RECOMMENDED: _("The firearms licensing manager"),
    Stage.GRANTED: _("The licensing team"),
    Stage.REFUSED: _("Nobody: it is decided"),
    Stage.ISSUED: _("Nobody: it is finished"),
    Stage.WITHDRAWN: _("Nobody: it was withdrawn"),
}
"""Who has an application at each stage: the role, never the name."""
NEXT_STEPS: Mapping[str, Promise] = {
    Stage.RECEIVED: _("We look whether everything we need is there."),
    Stage.INCOMPLETE: _("We start our checks when everything we need is there."),
    Stage.COMPLETE: _("An enquiry officer takes your application on and starts the checks."),
    Stage.CHECKS: _("We check your answers, write to your doctor if we need to, and visit you."),
    Stage.RECOMMENDED: _("The licensing manager decides. It is never the person who checked."),
    Stage.GRANTED: _("We make your certificate and send it to you."),
    Stage.REFUSED: _("Our letter says why, and how and until when you can appeal."),
    Stage.ISSUED: _("Keep your certificate safe, and tell us when something changes."),
    Stage.WITHDRAWN: _("You can apply again at any time."),
}
MISSING_TITLES: Mapping[str, Promise] = {
    Missing.FEE: _("The fee is not paid yet"),
    Missing.REFEREES: _("We are waiting for your referees"),
    Missing.MEDICAL_REPORT: _("We are waiting for your doctor’s report"),
    Missing.PHOTO: _("We need a photo of you"),
}


def renewal_source(reference: str) -> str:
    """Return where what we fill in on a renewal is from, as it stands in a sentence."""
    return gettext("your application %(reference)s") % {"reference": reference}


def certificate_source(numbers: Sequence[str]) -> str:
    """Return where what is on record is from, as it stands in a sentence."""
    return gettext("our record of certificate %(numbers)s") % {"numbers": ", ".join(numbers)}
