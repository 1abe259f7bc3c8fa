"""The yearly figures run to 31 March, and say the same of a year however late they are made."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bluelamp.demo import cast
from bluelamp.services.firearms import commands
from bluelamp.services.firearms.lookups.returns import get_yearly_return, last_return_day
from tests.cast import browser
from tests.services.firearms import licensing
from tests.services.firearms.licensing import check, decide, nell, receive, recommend

pytestmark = pytest.mark.django_db
# In the year to 31 March 2026.
AT = datetime(2026, 1, 12, 9, tzinfo=UTC)


def figures(at: datetime) -> dict[tuple[str, str, str], int]:
    _end, lines = get_yearly_return(actor=nell(), at=at)
    return {(line.measure, line.application, line.certificate): line.count for line in lines}


def test_it_works() -> None:
    """One granted for both, one refused, and one revoked in the next year only."""
    licensing.give_authority(at=AT)
    _, numbers = licensing.grant(at=AT)
    refused = receive(at=AT, certificates="shotgun")
    check(refused, at=AT, medical="concern")
    recommend(refused, at=AT, decision="refuse", grounds=("28-danger",), risk="high")
    decide(refused, at=AT, decision="refuse", grounds=("28-danger",))
    commands.revoke(
        actor=nell(),
        at=datetime(2026, 4, 2, 9, tzinfo=UTC),
        number=numbers[0],
        revocation=commands.RevocationInput(
            decision="revoke", grounds=("30a-danger",), reasons="Threats", risk="high"
        ),
    )
    expected = {
        ("on issue", "", "firearm"): 1,
        ("on issue", "", "shotgun"): 1,
        ("grant", "grant", "both"): 1,
        ("refuse", "grant", "shotgun"): 1,
    }
    assert figures(datetime(2026, 5, 1, 9, tzinfo=UTC)) == expected
    assert figures(datetime(2027, 3, 31, 9, tzinfo=UTC)) == expected
    later = figures(datetime(2027, 4, 1, 9, tzinfo=UTC))
    assert later[("revoke", "", "firearm")] == 1
    assert ("on issue", "", "firearm") not in later


def test_the_year_is_over() -> None:
    assert last_return_day(date(2026, 3, 31) + timedelta(days=1)) == date(2026, 3, 31)


def test_on_the_page() -> None:
    ike, url = browser(cast.IKE), "/desk/firearms/expiring/year.csv"
    assert url in ike.get("/desk/firearms/expiring/").content.decode()
    answer = ike.get(url)
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0] == "measure,application,certificate,count"
    assert browser(cast.ADA).get(url).status_code == 403
