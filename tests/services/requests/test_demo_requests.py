"""The demonstration has a request at each state."""

from datetime import datetime

import pytest

from bluelamp.demo import cast
from bluelamp.demo.requests import record_requests
from bluelamp.services.requests.models import InformationRequest
from tests.cast import INSTALLER, signed_in
from tests.foundation.payments.paying import confirm_fee

pytestmark = pytest.mark.django_db


def test_it_works(at: datetime) -> None:
    confirm_fee("COLLISION_REPORT", 17330, vat_percent=20)
    record_requests(installer=INSTALLER, officer=signed_in(cast.DEV), at=at)
    states = InformationRequest.objects.values_list("state", flat=True)
    assert sorted(states) == [
        "awaiting-payment",
        "delivered",
        "open",
        "open",
        "open",
        "refused",
    ]
