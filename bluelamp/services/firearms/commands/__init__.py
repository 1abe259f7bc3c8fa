"""What is done in firearms licensing: receive, check, recommend, decide, issue, end, appeal."""

from bluelamp.services.firearms.commands.acting_on_notices import act_on_notice
from bluelamp.services.firearms.commands.adding_files import add_application_files
from bluelamp.services.firearms.commands.appealing import (
    confirm_appeal_result,
    record_appeal,
    record_appeal_result,
    record_notice_receipt,
)
from bluelamp.services.firearms.commands.authorities import (
    AuthorityInput,
    add_authority,
    end_authority,
)
from bluelamp.services.firearms.commands.captured_visits import (
    CapturedVisitPhoto,
    announce_visit_photo,
    issue_visit_photo_token,
)
from bluelamp.services.firearms.commands.checking import plan_visit, record_check, take_on
from bluelamp.services.firearms.commands.completing import note_payment, request_fee_for_session
from bluelamp.services.firearms.commands.deciding import DecisionInput, decide, send_back
from bluelamp.services.firearms.commands.disposing import dispose_of_orphans
from bluelamp.services.firearms.commands.documents import make_certificate_pdf, open_certificate_pdf
from bluelamp.services.firearms.commands.ending import ENDS, RevocationInput, record_end, revoke
from bluelamp.services.firearms.commands.fees import request_waiting_fees
from bluelamp.services.firearms.commands.issuing import issue_certificates
from bluelamp.services.firearms.commands.keying import (
    add_paper_scans,
    delete_paper_draft,
    start_paper_application,
    submit_paper_application,
    take_over_paper_draft,
)
from bluelamp.services.firearms.commands.keying_replies import (
    start_paper_reply,
    submit_paper_reply,
)
from bluelamp.services.firearms.commands.letters import inform_applicant, inform_holder
from bluelamp.services.firearms.commands.one_login import (
    choose_application,
    end_one_login_sessions,
    open_one_login_session,
    try_link_application,
)
from bluelamp.services.firearms.commands.opening_files import open_application_file
from bluelamp.services.firearms.commands.permits import issue_temporary_permit
from bluelamp.services.firearms.commands.posting import post_notice
from bluelamp.services.firearms.commands.receiving import mark_complete, receive_application
from bluelamp.services.firearms.commands.receiving_files import Scan
from bluelamp.services.firearms.commands.recommending import RecommendationInput, recommend
from bluelamp.services.firearms.commands.referees import (
    record_reply,
    replace_referee,
    resend_referee_link,
    save_reply,
    send_referee_link,
)
from bluelamp.services.firearms.commands.reminding import remind_holders
from bluelamp.services.firearms.commands.sessions import request_code, send_code_job
from bluelamp.services.firearms.commands.starting import start_application, start_renewal
from bluelamp.services.firearms.commands.submitting import submit_application
from bluelamp.services.firearms.commands.telling_old_contacts import tell_old_contact
from bluelamp.services.firearms.commands.vetting import decide_vetting_task, vet_records
from bluelamp.services.firearms.commands.visit_photos import VisitPhoto, add_visit_photos
from bluelamp.services.firearms.commands.visits import plan_visits
from bluelamp.services.firearms.commands.withdrawing import (
    withdraw_application,
    withdraw_own_application,
)
from bluelamp.services.firearms.commands.wordings import set_condition_wording

__all__ = [
    "ENDS",
    "AuthorityInput",
    "CapturedVisitPhoto",
    "DecisionInput",
    "RecommendationInput",
    "RevocationInput",
    "Scan",
    "VisitPhoto",
    "act_on_notice",
    "add_application_files",
    "add_authority",
    "add_paper_scans",
    "add_visit_photos",
    "announce_visit_photo",
    "choose_application",
    "confirm_appeal_result",
    "decide",
    "decide_vetting_task",
    "delete_paper_draft",
    "dispose_of_orphans",
    "end_authority",
    "end_one_login_sessions",
    "inform_applicant",
    "inform_holder",
    "issue_certificates",
    "issue_temporary_permit",
    "issue_visit_photo_token",
    "make_certificate_pdf",
    "mark_complete",
    "note_payment",
    "open_application_file",
    "open_certificate_pdf",
    "open_one_login_session",
    "plan_visit",
    "plan_visits",
    "post_notice",
    "receive_application",
    "recommend",
    "record_appeal",
    "record_appeal_result",
    "record_check",
    "record_end",
    "record_notice_receipt",
    "record_reply",
    "remind_holders",
    "replace_referee",
    "request_code",
    "request_fee_for_session",
    "request_waiting_fees",
    "resend_referee_link",
    "revoke",
    "save_reply",
    "send_back",
    "send_code_job",
    "send_referee_link",
    "set_condition_wording",
    "start_application",
    "start_paper_application",
    "start_paper_reply",
    "start_renewal",
    "submit_application",
    "submit_paper_application",
    "submit_paper_reply",
    "take_on",
    "take_over_paper_draft",
    "tell_old_contact",
    "try_link_application",
    "vet_records",
    "withdraw_application",
    "withdraw_own_application",
]
