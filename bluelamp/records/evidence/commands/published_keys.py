"""Publish the keys that packages are sealed with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from bluelamp.foundation.audit.acts import command, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.records.evidence.models import PublishedKey


@command(permission="evidence.seal", act="evidence.keys_published")
def publish_sealing_keys(*, actor: Actor, at: datetime, log_key: str, tsa_root: str) -> None:
    """Put the keys that a package was sealed with on the published list, unless they are there.

    Args:
        log_key: The public key of the continuity log.
        tsa_root: The root certificate of the time stamp, in PEM.
    """
    _publish_keys({"log": log_key, "time_stamps": tsa_root}, at=at)


@command(permission="evidence.seal", act="evidence.keys_published")
def publish_log_key(*, actor: Actor, at: datetime, log_key: str) -> None:
    """Put the continuity log's new key on the published list, which ends the one before it."""
    _publish_keys({"log": log_key}, at=at)


def _publish_keys(keys: Mapping[str, str], *, at: datetime) -> None:
    added = [
        kind
        for kind, value in keys.items()
        # Two packages may be sealed with one new key at the same moment.
        if PublishedKey.objects.get_or_create(
            kind=kind, value=value, defaults={"first_used_at": at}
        )[1]
    ]
    record_act(None, detail={"added": added})
