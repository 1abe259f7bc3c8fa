"""A stand-in for GOV.UK Pay: its API, its payment pages for a browser, and its webhooks.

In: the requests of the published OpenAPI (`contract/`, alphagov/pay-publicapi, MIT licence), and a
payer who enters one of the mock cards of its documentation. Out: answers of the same contract. Each
request and each answer is held to the contract as it passes (`contract_check`): what does not fit
is kept in `violations`, and an answer of ours that does not fit is sent as a 500.

It takes no money. It can be told to be down, slow, busy, to fail before or after the work, to let
searches lag behind, and to lose, double, delay or reorder its webhooks.
"""

from sandbox.pay.faults import Faults
from sandbox.pay.server import make_server
from sandbox.pay.service import DEMO_KEY, DEMO_WEBHOOK_SECRET, Pay

__all__ = ["DEMO_KEY", "DEMO_WEBHOOK_SECRET", "Faults", "Pay", "make_server"]
