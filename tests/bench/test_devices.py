"""The pattern that ten thousand phones make."""

from collections import Counter

from bench import devices


def test_it_works() -> None:
    rates = devices.rates()
    assert round(rates["poll"], 1) == 33.3
    assert round(rates["crime"] + rates["statement"] + rates["photo"], 1) == 4.3


def test_plan_is_in_order_and_at_the_rate() -> None:
    plan = devices.plan(600)
    assert [at for at, _ in plan] == sorted(at for at, _ in plan)
    counts = Counter(name for _, name in plan)
    for name, rate in devices.rates().items():
        assert abs(counts[name] - 600 * rate) < 5 * (600 * rate) ** 0.5
    assert devices.plan(600) == plan, "the same each time, so that versions can be compared"
