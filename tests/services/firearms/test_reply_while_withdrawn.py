"""A referee replies at the moment at which the application is withdrawn: one waits for the other.

Whoever withdraws locks the application and then its referees. A reply that locked them the other
way round would end one of the two in a deadlock.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from time import monotonic, sleep

import pytest
from django.db import connection, transaction

from bluelamp.foundation.forms.commands import save_form_draft, sync_built_in_sets
from bluelamp.foundation.forms.lookups import built_in_question_set
from bluelamp.foundation.forms.rules import write_answers
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.people.rules import PersonInput
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.commands.referees import add_referee, record_reply, save_reply
from bluelamp.services.firearms.models import Application, Referee
from bluelamp.services.firearms.reads import hash_token
from tests.acts import within_command
from tests.cast import INSTALLER, START
from tests.direct_writes import direct_writes
from tests.services.firearms import licensing
from tests.services.firearms.licensing import AT, ike
from tests.services.firearms.test_key_reply import ANSWERS, begin

pytestmark = pytest.mark.usefixtures("committed")
TOKEN = "a-private-link"
REFEREE = Actor.system("referee", permissions={"firearms.reply"})


@pytest.fixture
def referee(committed: None, reference: None) -> Referee:
    sync_built_in_sets(actor=INSTALLER, at=START)
    application = licensing.get(licensing.receive())
    with within_command(ike()):
        row = add_referee(
            application,
            PersonInput(given_name="Ben", family_name="Adeyemi", email="ben@example.org"),
            1,
            actor=ike(),
            at=AT,
        )
    with direct_writes():
        Referee.objects.filter(id=row.id).update(token_sha256=hash_token(TOKEN))
    return Referee.objects.get()


def reply_by_link(referee: Referee) -> Callable[[], object]:
    texts = write_answers(built_in_question_set("referee-reply"), ANSWERS)
    save_reply(actor=REFEREE, at=AT, token=TOKEN, texts=texts)
    return lambda: record_reply(actor=REFEREE, at=AT, token=TOKEN)


def reply_on_paper(referee: Referee) -> Callable[[], object]:
    draft_id = begin(referee, at=AT, received_on=AT.date())
    texts = write_answers(built_in_question_set("referee-reply"), ANSWERS)
    save_form_draft(actor=ike(), at=AT, draft_id=draft_id, texts=texts)
    return lambda: commands.submit_paper_reply(actor=ike(), at=AT, draft_id=draft_id)


def wait_for_lock() -> None:
    """Wait until another transaction waits for ours."""
    end = monotonic() + 20
    while monotonic() < end:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.mark.parametrize("begin_reply", [reply_by_link, reply_on_paper])
def test_it_works(referee: Referee, begin_reply: Callable[[Referee], Callable[[], object]]) -> None:
    reply = begin_reply(referee)

    def run() -> None:
        try:
            reply()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads, transaction.atomic():
        Application.objects.select_for_update().get()
        replying = threads.submit(copy_context().run, run)
        wait_for_lock()
        # Refused where the reply has locked the referee first.
        Referee.objects.select_for_update(nowait=True).get()
        transaction.set_rollback(True)
    replying.result()
    assert Referee.objects.get().replied_at == AT
