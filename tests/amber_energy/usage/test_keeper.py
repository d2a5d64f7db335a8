"""The daily run: when it asks, what it writes down, what it waits for (7.2)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import pytest

from custom_components.amber_energy.driver import NEM, Channel
from simulator.amber import AmberSimulator, Site

from .keeping import DAY, HOUR, Keeping
from .metered import begin


@pytest.fixture
def start_time() -> datetime:
    """Evening in Sydney: the attempts of this day are over."""
    return datetime(2026, 10, 7, 9, tzinfo=UTC)


def cost_of(keeping: Keeping, day: date) -> float:
    """Return the truth of a day in AUD."""
    return float(keeping.sim.truth.usage(keeping.site.id, day, day).cost) / 100


async def test_the_first_run(keeping: Keeping) -> None:
    """Yesterday is there at once, with one request; its numbers are the meter's."""
    assert (keeping.keeper.status, keeping.keeper.days_behind) == ("waiting", None)
    await keeping.start()
    keeper = keeping.keeper
    assert (keeper.status, keeper.days_behind) == ("up_to_date", 0)
    assert keeper.data.last_day == date(2026, 10, 6)
    assert list(keeper.data.days) == [date(2026, 10, 6)]
    assert keeper.data.last is not None
    assert keeper.data.last.cost == pytest.approx(cost_of(keeping, keeping.yesterday))
    assert keeper.register_channels() == {
        "e1": Channel.GENERAL,
        "e2": Channel.CONTROLLED_LOAD,
        "b1": Channel.FEED_IN,
    }
    assert keeping.requests == 1
    assert keeping.told >= 1


async def test_once_a_day(keeping: Keeping) -> None:
    """In the morning, and not again before the next one."""
    await keeping.start()
    for _ in range(4):
        await keeping.days(1)
        assert keeping.keeper.status == "up_to_date"
    requests = keeping.sim.counters.requests("usage")
    assert len(requests) == 5
    zone = keeping.hass.config.time_zone
    assert zone == "Australia/Sydney"
    for request in requests[1:]:
        assert 6.5 <= (request.at + 11 * HOUR).hour + request.at.minute / 60 <= 9.5


async def test_later_on_the_day(keeping: Keeping, site: Site) -> None:
    """What is not there in the morning is asked for three and six hours later."""
    await keeping.start()
    day = date(2026, 10, 7)
    site.late_days[day] = begin(day + DAY) + 11 * HOUR
    await keeping.move_to(begin(day + DAY) + 8 * HOUR)
    assert keeping.keeper.status == "waiting"
    assert keeping.requests == 2
    await keeping.move_to(begin(day + DAY) + 18 * HOUR)
    assert keeping.keeper.data.last_day == day
    gaps = keeping.sim.counters.gaps("usage")
    assert gaps[1:] == [pytest.approx(3 * 3600, abs=3600)] * 2


async def test_a_restart_asks_for_nothing(keeping: Keeping) -> None:
    """The day was read; what is known is shown at once."""
    await keeping.start()
    known = keeping.keeper.data
    await keeping.restart()
    assert keeping.keeper.data == known
    assert keeping.requests == 1


async def test_a_restart_after_a_missed_time(keeping: Keeping) -> None:
    """It is made up for, with all days that are missing."""
    await keeping.start()
    notes = keeping.notes()
    await keeping.stop()
    keeping.freezer.tick(9 * DAY)
    await keeping.restart(notes)
    assert keeping.keeper.status == "up_to_date"
    assert len(keeping.keeper.data.days) == 10
    assert keeping.requests == 3  # nine days are two windows


async def test_a_restart_in_the_middle_of_an_attempt(keeping: Keeping) -> None:
    """It is made again at once, not hours later."""
    await keeping.keeper.async_start()
    notes = keeping.notes()
    for task in list(keeping.entry._background_tasks):
        task.cancel()
    await keeping.settle()
    assert keeping.keeper.data.last_day is None
    await keeping.restart(notes)
    assert keeping.keeper.data.last_day == keeping.yesterday


async def test_damaged_notes(keeping: Keeping, site: Site) -> None:
    """They are as if there were none."""
    note = f"{site.id}/usage"
    for damaged in (1, [], {"days": {"x": 1}, "done_until": 3, "waited": 5}):
        keeping.begin({note: damaged})
    await keeping.start()
    assert keeping.keeper.status == "up_to_date"


async def test_estimates_are_looked_at_again(keeping: Keeping, site: Site) -> None:
    """Once a day, with the request that brings yesterday; then the day is final."""
    day = keeping.yesterday
    site.estimated_days = {day}
    site.estimated_for = 3.5
    await keeping.start()
    estimated = keeping.keeper.data.days[day]
    assert estimated.estimated
    await keeping.days(2)
    assert keeping.keeper.data.days[day].estimated
    await keeping.days(3)
    final = keeping.keeper.data.days[day]
    assert (final.estimated, final.until) == (False, None)
    assert final.cost == pytest.approx(cost_of(keeping, day))
    assert final.cost != pytest.approx(estimated.cost)
    assert keeping.requests == 6


async def test_estimates_that_stay(keeping: Keeping, site: Site) -> None:
    """After two weeks nobody asks any more."""
    day = keeping.yesterday
    site.estimated_days = {day}
    site.estimated_for = 100
    await keeping.start()
    await keeping.days(13)
    assert keeping.keeper.data.days[day].checked == keeping.keeper.today
    await keeping.days(6)
    kept = keeping.keeper.data.days[day]
    assert kept.checked is not None
    assert (kept.checked - day).days <= 15


async def test_a_missing_day_holds_up_the_next_ones(
    keeping: Keeping, site: Site
) -> None:
    """They wait a week; then it is left out as a gap, once a later one is there."""
    await keeping.start()
    missing = keeping.yesterday + DAY
    site.withheld = {missing}
    await keeping.days(6)
    assert keeping.keeper.data.done_until == missing - DAY
    assert (keeping.keeper.status, keeping.keeper.days_behind) == ("behind", 6)
    await keeping.days(1)
    assert keeping.keeper.status == "up_to_date"
    days = keeping.keeper.data.days
    assert not days[missing].registers
    assert all(total.registers for day, total in days.items() if day != missing)
    # It comes after all
    site.withheld = set()
    await keeping.days(1)
    assert keeping.keeper.data.days[missing].registers


async def test_nothing_at_all_is_waited_for(keeping: Keeping, site: Site) -> None:
    """Without a later day nothing is left out."""
    await keeping.start()
    since = keeping.yesterday
    site.withheld = {since + n * DAY for n in range(1, 30)}
    await keeping.days(10)
    assert keeping.keeper.data.done_until == since
    assert keeping.keeper.days_behind == 10
    site.withheld = set()
    await keeping.days(1)
    assert keeping.keeper.status == "up_to_date"
    assert all(total.registers for total in keeping.keeper.data.days.values())


async def test_a_register_that_is_late(keeping: Keeping, site: Site) -> None:
    """A listed register that had data is waited for."""
    await keeping.start()
    day = keeping.yesterday + DAY
    [late] = [item for item in site.channels if item.identifier == "E2"]
    late.since = begin(day + DAY)  # its record of the day does not come ...
    keeping.keeper.book._site = lambda: listed
    late.since = None
    listed = keeping._listed()
    late.since = begin(day + DAY)
    await keeping.days(1)
    assert keeping.keeper.data.done_until == day - DAY
    late.since = None
    await keeping.days(1)
    assert set(keeping.keeper.data.days[day].registers) == {"e1", "e2", "b1"}


async def test_a_register_that_is_gone(keeping: Keeping, site: Site) -> None:
    """One that is not listed any more is not."""
    await keeping.start()
    site.channels = [item for item in site.channels if item.identifier != "E2"]
    await keeping.days(1)
    assert keeping.keeper.status == "up_to_date"
    assert keeping.keeper.data.last is not None
    assert set(keeping.keeper.data.last.registers) == {"e1", "b1"}


async def test_a_second_register_of_a_type(keeping: Keeping, site: Site) -> None:
    """The first one keeps its name; the new one gets its identifier."""
    await keeping.start()
    site.add_channel("E3", "general", since=begin(keeping.yesterday + DAY))
    await keeping.days(1)
    assert keeping.keeper.data.prefixes == {
        "e1": "general",
        "e2": "controlled_load",
        "b1": "feed_in",
        "e3": "general_e3",
    }


async def test_two_registers_from_the_start(keeping: Keeping, site: Site) -> None:
    """Both get their identifiers."""
    site.add_channel("E3", "general")
    await keeping.start()
    assert keeping.keeper.data.prefixes["e1"] == "general_e1"
    assert keeping.keeper.data.prefixes["e3"] == "general_e3"


async def test_partial_records_of_today(keeping: Keeping, site: Site) -> None:
    """They are never asked for."""
    site.partial_today = True
    await keeping.start()
    assert keeping.keeper.data.last_day == keeping.yesterday


async def test_what_others_need_is_left(keeping: Keeping, sim: AmberSimulator) -> None:
    """With less than 15 requests left the run ends; it goes on after the reset."""
    await keeping.start()
    await keeping.days(2)
    sim.limits.window = 300
    keeping.keeper.book.data = _older(keeping, 30)
    sim.spend("sites_usage", 34)
    with pytest.raises(HomeAssistantError) as err:
        await keeping.keeper.async_run_now()
    assert err.value.translation_key == "no_requests_left"
    told = keeping.limits.get("sites_usage")
    assert told is not None
    assert told.remaining == 14
    assert keeping.keeper.status == "behind"
    assert (keeping.keeper.days_behind or 0) > 20
    # The daily run then needs no further day
    await keeping.days(1)
    assert keeping.keeper.status == "up_to_date"


async def test_a_used_up_limit_is_waited_out(
    keeping: Keeping, sim: AmberSimulator
) -> None:
    """The run goes on when the window is over, not three hours later."""
    await keeping.start()
    notes = keeping.notes()
    await keeping.stop()
    keeping.freezer.tick(20 * DAY)
    keeping.begin(notes)
    sim.spend("sites_usage", 34)
    await keeping.start()
    assert keeping.keeper.status == "behind"
    await keeping.move_to(datetime.now(UTC) + HOUR / 6)
    assert keeping.keeper.status == "up_to_date"
    assert len(keeping.keeper.data.days) == 21


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 502}, "cannot_connect"),
        ({"status": 403}, "invalid_auth"),
        ({"status": 404}, "not_found"),
    ],
)
async def test_errors(
    keeping: Keeping, sim: AmberSimulator, fault: dict[str, Any], error: str
) -> None:
    """They are shown, and gone with the next answer; nothing is lost."""
    await keeping.start()
    sim.faults.add("status", "usage", **fault)
    await keeping.days(1)
    assert keeping.keeper.status == "error"
    assert keeping.keeper.data.error == error
    assert keeping.keeper.data.last_day == keeping.yesterday - DAY
    with pytest.raises(HomeAssistantError) as err:
        await keeping.keeper.async_run_now()
    assert err.value.translation_key == error
    sim.faults.clear()
    await keeping.days(1)
    assert keeping.keeper.status == "up_to_date"
    assert len(keeping.keeper.data.days) == 3


async def test_a_site_before_its_transfer(keeping: Keeping, site: Site) -> None:
    """There is nothing to ask for."""
    site.status = "pending"
    await keeping.start()
    await keeping.days(2)
    assert keeping.requests == 0
    assert keeping.keeper.status == "waiting"
    site.status = "active"
    await keeping.days(1)
    assert keeping.keeper.data.last_day == keeping.yesterday


async def test_one_at_a_time(keeping: Keeping) -> None:
    """While usage is imported, nobody else does."""
    await keeping.start()
    async with keeping.account.import_lock:
        for work in (
            keeping.keeper.async_run_now(),
            keeping.keeper.async_import(keeping.yesterday, keeping.yesterday),
        ):
            with pytest.raises(HomeAssistantError) as err:
                await work
            assert err.value.translation_key == "import_running"


async def test_after_the_end(keeping: Keeping) -> None:
    """An unloaded entry asks for nothing."""
    await keeping.start()
    await keeping.stop()
    await keeping.days(2)
    assert keeping.requests == 1


def _older(keeping: Keeping, days: int) -> Any:
    """Return a state that ends so many days ago."""
    today = datetime.now(NEM).date()
    return replace(keeping.keeper.data, done_until=today - days * DAY, days={})
