"""A site is asked for the days on which Amber supplied it, and for no others."""

from datetime import UTC, date, datetime

from homeassistant.exceptions import HomeAssistantError
import pytest

from simulator.amber import Site

from .keeping import DAY, Keeping

TODAY = date(2026, 10, 7)


@pytest.fixture
def start_time() -> datetime:
    """Evening in Sydney: the attempts of this day are over."""
    return datetime(2026, 10, 7, 9, tzinfo=UTC)


@pytest.mark.parametrize("history_days", [0, 90])
async def test_a_new_customer(keeping: Keeping, site: Site, history_days: int) -> None:
    """The first day is there as soon as it is published; none before is a gap."""
    keeping.chosen.history_days = history_days
    site.active_from = TODAY - DAY
    await keeping.start()
    keeper = keeping.keeper
    assert (keeper.status, keeper.days_behind) == ("up_to_date", 0)
    assert list(keeper.data.days) == [TODAY - DAY]
    await keeping.days(2)
    assert keeper.status == "up_to_date"
    assert list(keeper.data.days) == [TODAY - DAY, TODAY, TODAY + DAY]
    assert all(total.registers for total in keeper.data.days.values())


async def test_a_supply_that_is_to_come(keeping: Keeping, site: Site) -> None:
    """Nothing is asked for before; then it goes on day by day."""
    site.active_from = TODAY + 2 * DAY
    await keeping.start()
    assert (keeping.requests, keeping.keeper.days_behind) == (0, 0)
    await keeping.days(4)
    assert list(keeping.keeper.data.days) == [TODAY + 2 * DAY, TODAY + 3 * DAY]


async def test_a_closed_site(keeping: Keeping, site: Site) -> None:
    """It is asked up to its last day, and is complete then."""
    await keeping.start()
    site.closed_on, site.status = TODAY + DAY, "closed"
    await keeping.days(3)
    requests = keeping.requests
    assert (keeping.keeper.status, keeping.keeper.days_behind) == ("up_to_date", 0)
    assert keeping.keeper.data.last_day == site.closed_on
    await keeping.days(5)
    assert keeping.requests == requests
    assert (keeping.keeper.status, keeping.keeper.days_behind) == ("up_to_date", 0)


async def test_a_closed_site_without_an_end(keeping: Keeping, site: Site) -> None:
    """It is asked for three weeks in vain, then no more."""
    await keeping.start()
    keeping.keeper.book._site = lambda: listed
    site.status = "closed"
    listed = keeping._listed()
    site.closed_on = TODAY
    await keeping.days(10)
    requests = keeping.requests
    assert keeping.keeper.data.done_until == TODAY
    assert keeping.keeper.days_behind == 9
    await keeping.days(1)
    assert keeping.requests > requests
    await keeping.days(12)
    requests = keeping.requests
    assert (keeping.keeper.status, keeping.keeper.days_behind) == ("up_to_date", 0)
    await keeping.days(2)
    assert keeping.requests == requests


async def test_asked_before_the_transfer(keeping: Keeping, site: Site) -> None:
    """Who asks for usage of a pending site is told why there is none."""
    site.status = "pending"
    await keeping.start()
    with pytest.raises(HomeAssistantError) as err:
        await keeping.keeper.async_run_now()
    assert err.value.translation_key == "not_supplied"
    assert keeping.requests == 0
