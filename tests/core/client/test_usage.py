"""What an account was asked lately."""

from core.client.budget import Budget, Rule
from core.client.usage import calls_last_hour
from tests.core.fake_clock import FakeClock

HOUR, DAY = 3600.0, 86_400.0


def make_budget(clock: FakeClock) -> Budget:
    """Return one that remembers all for an hour, and logins for a day."""
    rules = (
        Rule(limit=100, window=HOUR),
        Rule(limit=10, window=DAY, groups=frozenset({"login"})),
    )
    return Budget(rules, clock=clock)


async def spend(budget: Budget, group: str, count: int = 1) -> None:
    """Make requests that take no time."""
    for _ in range(count):
        async with budget.slot(group):
            pass


async def test_calls_are_counted_per_group_and_rolling_hour() -> None:
    clock = FakeClock(auto=True)
    budget = make_budget(clock)
    await spend(budget, "settings", 2)
    await spend(budget, "login")  # its own rule remembers it for a day
    await clock.advance(1800)
    await spend(budget, "plants", 3)
    assert calls_last_hour(budget, clock.now()) == {
        "plants": 3,
        "settings": 2,
        "login": 1,
    }
    await clock.advance(1801)
    assert calls_last_hour(budget, clock.now()) == {"plants": 3}


async def test_calls_are_counted_over_a_restart() -> None:
    clock = FakeClock(auto=True)
    budget = make_budget(clock)
    await spend(budget, "settings", 4)
    again = make_budget(clock)
    again.restore(budget.dump())
    assert calls_last_hour(again, clock.now()) == {"settings": 4}
