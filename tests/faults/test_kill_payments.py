"""The process is killed at each database write of a payment's way; nothing is lost or taken twice.

A child process does the whole way on a committed database: pay by card, take a webhook, ask for a
refund, approve and send it. It is killed, with SIGKILL, just before its first write, then before
its second, and so on until a run gets through. After each the same is done again from where it
stopped, as a payer, staff and jobs would do it.

The stand-in lives in the parent, behind a socket: it goes on when the child dies.
"""

import os
import signal
import threading
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import httpx
import pytest
from django.db import connection

from bluelamp.demo import cast
from bluelamp.foundation.kernel.errors import Conflict, Refused
from bluelamp.foundation.payments import gateway
from bluelamp.foundation.payments.commands import (
    approve_refund,
    follow_open_payments,
    process_webhook,
    receive_webhook,
    request_refund,
    send_refund,
)
from bluelamp.foundation.payments.commands.actors import system_actor
from bluelamp.foundation.payments.lookups import PaymentDetail
from bluelamp.foundation.payments.models import (
    LedgerTransaction,
    Payment,
    PaymentAttempt,
    Refund,
    WebhookMessage,
)
from bluelamp.foundation.payments.rules import Charge
from sandbox.pay import Pay, make_server
from sandbox.pay.webhooks import sign
from tests.cast import signed_in
from tests.foundation.payments.ledger import balances
from tests.foundation.payments.paying import (
    AT,
    GOOD_CARD,
    KEY,
    SECRET,
    PayService,
    ask,
    confirm_fee,
    refresh,
    start,
)

pytestmark = pytest.mark.timeout(900)
MAX_WRITES = 200


@pytest.fixture
def service(committed: None, settings: Any) -> Iterator[PayService]:
    """The stand-in on a port of its own, which outlives the processes that are killed."""
    pay = Pay(key=KEY, webhook_secret=SECRET)
    server = make_server(pay)
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    settings.BLUELAMP_PAY_URL = pay.address
    settings.BLUELAMP_PAY_KEY, settings.BLUELAMP_PAY_WEBHOOK_SECRET = KEY, SECRET
    made = PayService(pay)
    pay.clock = lambda: made.at
    yield made
    server.shutdown()
    server.server_close()


def walk(payment: PaymentDetail, service: PayService) -> None:
    """Go a payment's whole way, from wherever it stands."""
    if not _is_paid(payment.id):
        if link := start(payment, service):
            _pay_there(link)
        refresh(payment, service)
    _take_webhook(payment)
    if not Refund.objects.filter(payment_id=payment.id).exists():
        request_refund(actor=signed_in(cast.IKE), at=AT, payment_id=payment.id, reason="x")
    refund = Refund.objects.get(payment_id=payment.id)
    try:
        approve_refund(actor=signed_in(cast.JOY), at=AT, refund_id=refund.id)
    except (Conflict, Refused):
        pass  # it was approved before the process died
    send_refund(at=AT, refund_id=refund.id)


def test_it_works(service: PayService) -> None:
    confirm_fee("SGC_GRANT", 19400)
    signed_in(cast.IKE)
    killed = 0
    for write in range(1, MAX_WRITES):
        payment = ask(Charge("SGC_GRANT"))
        known = set(service.pay.payments)
        status = _run_and_kill(payment, service, write)
        if status == 0:
            break
        assert status == signal.SIGKILL
        killed += 1
        # The payer comes back, the jobs run again, and later the sweep: until all is done.
        walk(payment, service)
        follow_open_payments(at=AT)
        _check(payment, [r for id_, r in service.pay.payments.items() if id_ not in known])
    else:
        pytest.fail("the way has more writes than the test walks")
    print(f"killed at each of {killed} writes")
    assert killed >= 20
    assert balances() == {}
    assert service.pay.violations == []


def _run_and_kill(payment: PaymentDetail, service: PayService, write: int) -> int:
    """Go the way in a child process that is killed before its so-manieth write.

    Returns:
        The signal that ended it, 0 if it got through.
    """
    connection.close()  # a connection that two processes share breaks
    child = os.fork()
    if child == 0:
        _die_at(write)
        code = 1
        try:
            walk(payment, service)
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "the child failed by itself"
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def _die_at(write: int) -> None:
    """Have this process killed before its so-manieth write."""
    left = write

    def count_writes(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        nonlocal left
        if str(sql).lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    connection.execute_wrappers.append(count_writes)


def _pay_there(link: str) -> None:
    """Pay on the stand-in's pages, as a browser does."""
    base = link.rpartition("/secure/")[0]
    with httpx.Client(base_url=base, trust_env=False) as browser:
        path = browser.get(link).headers["Location"]
        browser.post(path, data={"cardNo": GOOD_CARD})
        browser.post(f"{path}/confirm")


def _take_webhook(payment: PaymentDetail) -> None:
    """Take a webhook about the payment, and follow it up."""
    attempt = PaymentAttempt.objects.filter(payment_id=payment.id).latest("number")
    body = (
        f'{{"webhook_message_id":"w-{payment.id}","event_type":"card_payment_succeeded",'
        f'"resource_id":"{attempt.provider_id}"}}'
    ).encode()
    receive_webhook(actor=system_actor("01"), at=AT, body=body, signature=sign(body, SECRET))
    process_webhook(at=AT, message_id=WebhookMessage.objects.get(message_id=f"w-{payment.id}").id)


def _is_paid(payment_id: UUID) -> bool:
    return Payment.objects.get(id=payment_id).state == "paid"


def _check(payment: PaymentDetail, records: list[Any]) -> None:
    paid = [record for record in records if record.status == "success"]
    assert len(paid) == 1, "taken twice, or lost"
    assert paid[0].refunded == payment.total_pence, "not given back once"
    row = Payment.objects.get(id=payment.id)
    assert (row.state, row.refunded_pence) == ("paid", payment.total_pence)
    assert Refund.objects.get(payment_id=payment.id).state == "done"
    kinds = LedgerTransaction.objects.filter(payment_id=payment.id).values_list("kind", flat=True)
    assert sorted(kinds) == ["paid", "refund_approved", "refunded"]
    assert gateway.get_payment(paid[0].payment_id).refund_available_pence == 0
