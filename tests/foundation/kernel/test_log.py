"""The logs on PostgreSQL: integrate, sign, prove, and what the database refuses."""

from datetime import datetime
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from bluelamp.foundation.kernel.ids import new_id
from bluelamp.foundation.kernel.merkle_log import log, merkle, proofs
from bluelamp.foundation.kernel.merkle_log.checkpoint import open_checkpoint
from bluelamp.foundation.kernel.merkle_log.models import LogCheckpoint, LogLeaf, LogNode
from bluelamp.foundation.kernel.models import Receipt
from tests.serving_role import acting_as_owner

pytestmark = pytest.mark.django_db


def entries(count: int) -> dict[UUID, bytes]:
    return {(entry_id := new_id()): f'{{"id":"{entry_id}"}}'.encode() for _ in range(count)}


def test_it_works(at: datetime) -> None:
    rows = entries(21)
    assert log.integrate(log="continuity", entries=rows.items()) == 21
    note = log.sign_checkpoint(log="continuity", at=at).note
    checkpoint = open_checkpoint(note.encode(), keys=[log.signer("continuity").verifier])
    assert checkpoint.size == 21
    for entry_id, proof in proofs.prove_all(log="continuity", entry_ids=rows, size=21).items():
        assert proof.leaf == merkle.leaf_hash(rows[entry_id])
        assert merkle.verify_inclusion(
            leaf=proof.leaf,
            index=proof.index,
            size=21,
            proof=proof.hashes,
            root_hash=checkpoint.root,
        )


def test_entries_already_in_the_log_are_left_alone(at: datetime) -> None:
    rows = entries(3)
    log.integrate(log="audit", entries=rows.items())
    rows |= entries(2)
    assert log.integrate(log="audit", entries=rows.items()) == 2
    assert log.integrate(log="audit", entries=rows.items()) == 0
    assert LogLeaf.objects.filter(log="audit").count() == 5
    assert log.sign_checkpoint(log="audit", at=at).pk == log.sign_checkpoint(log="audit", at=at).pk


def test_growing_in_steps_keeps_older_checkpoints_true() -> None:
    roots = {}
    for step in (1, 2, 5, 8, 1, 16):
        log.integrate(log="continuity", entries=entries(step).items())
        size = LogLeaf.objects.count()
        roots[size] = log.root_at(log="continuity", size=size)
    assert dict(log.recomputed_roots(log="continuity", sizes=roots)) == roots
    for old_size, old_root in roots.items():
        proof = proofs.prove_extension(log="continuity", old_size=old_size, size=33)
        assert merkle.verify_consistency(
            old_size=old_size, size=33, old_root=old_root, root_hash=roots[33], proof=proof
        )


def test_the_logs_do_not_mix() -> None:
    rows = entries(2)
    log.integrate(log="audit", entries=rows.items())
    with pytest.raises(LookupError):
        proofs.prove(log="continuity", entry_id=next(iter(rows)), size=2)
    assert log.signer("audit").verifier.key_id != log.signer("continuity").verifier.key_id


def test_rows_of_a_model_are_integrated_in_order_of_their_ids() -> None:
    ids = [new_id() for _ in range(4)]
    for row_id in reversed(ids):
        Receipt.objects.create(id=row_id, sha256="0" * 64, kind="test")

    def integrate(*, whole: bool = False) -> int:
        return log.integrate_model(
            log="audit",
            queryset=Receipt.objects.all(),
            canonical=lambda row: row.id.bytes,
            whole=whole,
        )

    assert integrate() == 4
    assert list(LogLeaf.objects.order_by("index").values_list("entry_id", flat=True)) == ids
    late = UUID(int=ids[0].int - (3_600_000 << 80))
    ancient = UUID(int=ids[0].int - (50 * 3_600_000 << 80))
    for row_id in (late, ancient):
        Receipt.objects.create(id=row_id, sha256="0" * 64, kind="test")
    assert integrate() == 1
    assert LogLeaf.objects.get(index=4).entry_id == late
    assert integrate(whole=True) == 1


def test_an_entry_cannot_be_proven_to_a_checkpoint_before_it() -> None:
    log.integrate(log="audit", entries=entries(4).items())
    (late,) = later = entries(1)
    log.integrate(log="audit", entries=later.items())
    with pytest.raises(LookupError):
        proofs.prove(log="audit", entry_id=late, size=4)


@pytest.mark.parametrize("table", ["log_leaf", "log_node", "log_checkpoint", "log_stamp"])
@pytest.mark.parametrize("act", ["UPDATE {} SET log = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_database_refuses_to_change_it(table: str, act: str, at: datetime) -> None:
    log.integrate(log="audit", entries=entries(4).items())
    checkpoint = log.sign_checkpoint(log="audit", at=at)
    log.stamp_checkpoint(checkpoint=checkpoint, stamp=lambda note: b"stamp", at=at)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        acting_as_owner(),
        connection.cursor() as cursor,
    ):
        cursor.execute(act.format(table))


def test_a_tree_changed_with_the_triggers_off_is_noticed_at_the_next_checkpoint(
    at: datetime,
) -> None:
    log.integrate(log="audit", entries=entries(4).items())
    log.sign_checkpoint(log="audit", at=at)
    log.integrate(log="audit", entries=entries(1).items())
    with acting_as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE log_node DISABLE TRIGGER USER")
        cursor.execute("UPDATE log_node SET hash = %s WHERE level = 2", [bytes(32)])
        cursor.execute("ALTER TABLE log_node ENABLE TRIGGER USER")
    with pytest.raises(log.LogBroken, match="4 entries"):
        log.sign_checkpoint(log="audit", at=at)


def test_a_leaf_removed_with_the_triggers_off_is_noticed_by_recomputing() -> None:
    log.integrate(log="audit", entries=entries(4).items())
    with acting_as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE log_leaf DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM log_leaf WHERE index = 2")
        cursor.execute("ALTER TABLE log_leaf ENABLE TRIGGER USER")
    with pytest.raises(log.LogBroken, match="Entry 2 is missing"):
        list(log.recomputed_roots(log="audit", sizes=[4]))


def test_a_checkpoint_is_stamped_once(at: datetime) -> None:
    log.integrate(log="continuity", entries=entries(1).items())
    checkpoint = log.sign_checkpoint(log="continuity", at=at)
    requests: list[bytes] = []

    def stamp(note: bytes) -> bytes:
        requests.append(note)
        return b"stamp"

    for _ in range(2):
        assert (
            bytes(log.stamp_checkpoint(checkpoint=checkpoint, stamp=stamp, at=at).response)
            == b"stamp"
        )
    assert requests == [checkpoint.note.encode()]


def test_an_empty_log_can_be_signed(at: datetime) -> None:
    checkpoint = log.sign_checkpoint(log="audit", at=at)
    assert bytes(LogCheckpoint.objects.get().root) == merkle.EMPTY_ROOT == bytes(checkpoint.root)
    assert not LogNode.objects.exists()
