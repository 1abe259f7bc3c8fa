"""The services as they stand on a day. Nobody's personal data: a permission is enough to edit."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bluelamp.foundation.audit.acts import lookup, read_within_act, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.payments.lookups import FeeDetail, get_fees
from bluelamp.services.requests.models import ServiceVersion
from bluelamp.services.requests.rules import Service
from bluelamp.services.requests.services import built_in_services


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceOffer:
    """A service with its fee. `fee` is None where the fee is unknown or there is none."""

    service: Service
    fee: FeeDetail | None

    @property
    def is_free(self) -> bool:
        """Return whether it costs nothing."""
        if not self.service.fee_code:
            return True
        return self.fee is not None and self.fee.net_pence == 0

    @property
    def can_be_paid(self) -> bool:
        """Return whether somebody may ask now: it is free, or its fee can be charged."""
        return self.is_free or bool(self.fee and self.fee.is_chargeable)


@dataclass(frozen=True, kw_only=True, slots=True)
class ServiceHistoryRow:
    """What staff set of a service, and when."""

    service: Service
    valid_from: date
    recorded_at: datetime
    recorded_by: str


def list_services(*, actor: Actor, on: date) -> tuple[Service, ...]:
    """Return every service as it stands on a day, those too that nobody can ask for online."""
    rows = ServiceVersion.objects.filter(force=actor.force, valid_from__lte=on)
    # The last one in this order wins: the latest day, and of one day what was recorded last.
    own = {row.code: row for row in rows.order_by("valid_from", "recorded_at")}
    return tuple(
        _to_service(service, own[code]) if code in own else service
        for code, service in built_in_services().items()
    )


def get_service(*, actor: Actor, code: str, on: date) -> Service:
    """Return a service as it stands on a day. Raises NotFound where there is none."""
    for service in list_services(actor=actor, on=on):
        if service.code == code:
            return service
    raise NotFound("There is no such service.")


def list_service_offers(*, actor: Actor, on: date) -> tuple[ServiceOffer, ...]:
    """Return what people can ask for on a day, with the fees."""
    services = [service for service in list_services(actor=actor, on=on) if service.is_offered]
    fees = get_fees(actor=actor, codes=[service.fee_code for service in services], on=on)
    return tuple(
        ServiceOffer(service=service, fee=fees.get(service.fee_code)) for service in services
    )


def get_service_offer(*, actor: Actor, code: str, on: date) -> ServiceOffer:
    """Return what somebody can ask for, with its fee. Raises NotFound where it is not offered."""
    for offer in list_service_offers(actor=actor, on=on):
        if offer.service.code == code:
            return offer
    raise NotFound("There is no such service.")


@read_within_act
def read_quotable_fees(*, actor: Actor, code: str, on: date) -> tuple[FeeDetail, ...]:
    """Return the fees of which a quote for a service can be made; none where it is never quoted."""
    codes = get_service(actor=actor, code=code, on=on).quoted_fee_codes
    fees = get_fees(actor=actor, codes=codes, on=on)
    return tuple(fees[fee_code] for fee_code in codes if fee_code in fees)


@lookup(permission="request.edit_services", act="request.service_viewed")
def list_service_history(*, actor: Actor, at: datetime, code: str) -> tuple[ServiceHistoryRow, ...]:
    """Return what staff set of a service, the newest first. Raises NotFound for an unknown one."""
    service = built_in_services().get(code)
    if service is None:
        raise NotFound("There is no such service.")
    rows = ServiceVersion.objects.filter(force=actor.force, code=code)
    record_act(None, ref=code)
    return tuple(
        ServiceHistoryRow(
            service=_to_service(service, row),
            valid_from=row.valid_from,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by_name,
        )
        for row in rows.order_by("-recorded_at")
    )


def _to_service(built_in: Service, row: ServiceVersion) -> Service:
    """Return a service as staff set it: the questions, and whom it is for, stay as they came."""
    return replace(
        built_in,
        title=row.title,
        who=row.who,
        needed=row.needed,
        fee_code=row.fee_code,
        clock=row.clock,
        is_offered=row.is_offered,
        is_confirmed=True,
        source=row.source,
    )
