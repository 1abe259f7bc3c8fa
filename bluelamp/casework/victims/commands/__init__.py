"""What is done to keep a victim informed: one-time codes, passphrases, sessions, messages."""

from bluelamp.casework.victims.commands.confirming import (
    confirm_report_address,
    send_address_code,
    try_confirm_address,
)
from bluelamp.casework.victims.commands.contacting import record_contact
from bluelamp.casework.victims.commands.informing import inform_about_case
from bluelamp.casework.victims.commands.passphrases import (
    choose_first_passphrase,
    choose_passphrase,
    exchange_passphrase_for_session,
    open_session_with_passphrase,
)
from bluelamp.casework.victims.commands.statement_copies import (
    StatementPdf,
    open_copy,
    send_copy_code,
    send_requested_copy,
    send_statement_copy,
    try_open_copy,
)
from bluelamp.casework.victims.commands.stopping import stop_contact
from bluelamp.casework.victims.commands.telling_old_contacts import tell_old_contact
from bluelamp.casework.victims.commands.tracking import (
    delete_old_codes,
    end_session,
    exchange_code_for_session,
    open_session,
    request_code,
    send_code,
)

__all__ = [
    "StatementPdf",
    "choose_first_passphrase",
    "choose_passphrase",
    "confirm_report_address",
    "delete_old_codes",
    "end_session",
    "exchange_code_for_session",
    "exchange_passphrase_for_session",
    "inform_about_case",
    "open_copy",
    "open_session",
    "open_session_with_passphrase",
    "record_contact",
    "request_code",
    "send_address_code",
    "send_code",
    "send_copy_code",
    "send_requested_copy",
    "send_statement_copy",
    "stop_contact",
    "tell_old_contact",
    "try_confirm_address",
    "try_open_copy",
]
