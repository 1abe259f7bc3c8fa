"""What is done with requests: make one, follow it, answer or refuse it, and set the services."""

from bluelamp.services.requests.commands.answering import (
    add_file,
    refuse_request,
    send_answer,
    take_on_request,
)
from bluelamp.services.requests.commands.codes import (
    confirm_request_address,
    end_session,
    exchange_code,
    open_session,
    request_code,
    send_address_code,
    send_code,
)
from bluelamp.services.requests.commands.downloading import open_delivery, open_own_file
from bluelamp.services.requests.commands.files import open_file
from bluelamp.services.requests.commands.languages import set_message_language
from bluelamp.services.requests.commands.making import make_request, start_paid_request
from bluelamp.services.requests.commands.quoting import (
    accept_quote,
    quote_request,
    withdraw_request,
)
from bluelamp.services.requests.commands.services import NewService, set_service

__all__ = [
    "NewService",
    "accept_quote",
    "add_file",
    "confirm_request_address",
    "end_session",
    "exchange_code",
    "make_request",
    "open_delivery",
    "open_file",
    "open_own_file",
    "open_session",
    "quote_request",
    "refuse_request",
    "request_code",
    "send_address_code",
    "send_answer",
    "send_code",
    "set_message_language",
    "set_service",
    "start_paid_request",
    "take_on_request",
    "withdraw_request",
]
