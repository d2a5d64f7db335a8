"""A month of usage and cost in the statistics is what the meter counted, to the cent."""

from datetime import UTC, date, datetime
from typing import Any

from homeassistant.components.recorder import Recorder
from homeassistant.components.recorder.tasks import ImportStatisticsTask
from homeassistant.core import HomeAssistant
import pytest

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator, Site
from tests.amber_energy.usage.keeping import Keeping

from .conftest import DAY, HOUR, ReadRows, assert_sums, between, midnight

# The days on which clocks change in Sydney: back in April, forward in October
BACK, FORWARD = date(2026, 4, 5), date(2026, 10, 4)
LENGTH = 30
CENT = 0.005
STEP = 3 * HOUR


@pytest.fixture
def change() -> date:
    """On which day the clocks change."""
    return FORWARD


@pytest.fixture
def start_time(change: date) -> datetime:
    """Two weeks before."""
    return midnight(change - 14 * DAY) + 19 * HOUR


def statistic(site: Site, key: str) -> str:
    return f"{DOMAIN}:{site.id.lower()}_{key}"


async def assert_truth(
    sim: AmberSimulator, site: Site, rows: ReadRows, first: date, last: date
) -> None:
    """All sums of the statistics are those of the meter."""
    truth = sim.truth.usage(site.id, first, last)
    assert {c.type for c in truth.channels.values()} == {
        "general",
        "controlledLoad",
        "feedIn",
    }
    hours = [midnight(first) + n * HOUR for n in range(24 * ((last - first).days + 1))]
    for identifier, channel in truth.channels.items():
        key = identifier.lower()
        earns = channel.type == "feedIn"
        kind, sign = ("compensation", -1) if earns else ("cost", 1)
        energy = await rows(statistic(site, f"{key}_energy"))
        money = await rows(statistic(site, f"{key}_{kind}"))
        for found in (energy, money):
            assert list(found) == hours
            assert_sums(found)
        assert energy[hours[-1]][1] == pytest.approx(float(channel.kwh), abs=0.0005)
        cost = sign * float(channel.cost) / 100
        assert money[hours[-1]][1] == pytest.approx(cost, abs=0.0005)
        assert abs(cost) > 1
    net = await rows(statistic(site, "net_cost"))
    assert list(net) == hours
    assert_sums(net)
    assert net[hours[-1]][1] == pytest.approx(float(truth.cost) / 100, abs=CENT / 5)
    for day in (first + n * DAY for n in range(LENGTH)):
        cost = float(sim.truth.usage(site.id, day, day).cost) / 100
        assert between(net, day, day) == pytest.approx(cost, abs=CENT)


@pytest.mark.parametrize(
    ("change", "zone", "minutes"),
    [
        (BACK, "Australia/Sydney", 30),
        (FORWARD, "Australia/Sydney", 5),
        (BACK, "UTC", 30),
        (FORWARD, "UTC", 30),
    ],
    ids=["April", "October", "April UTC", "October UTC"],
)
async def test_month_to_the_cent(
    hass: HomeAssistant,
    keeping: Keeping,
    sim: AmberSimulator,
    site: Site,
    rows: ReadRows,
    zone: str,
    minutes: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Day by day, with estimates, corrections, a late day, and a crash on the way."""
    await hass.config.async_set_time_zone(zone)
    site.interval_length = minutes
    site.estimated_share = 0.2
    first = keeping.yesterday
    late = first + 9 * DAY
    site.late_days[late] = midnight(late + 3 * DAY) + 5 * HOUR
    await keeping.start()
    await keeping.days(12, STEP)

    # The recorder dies in the middle of a day; the notes of before stand on disk
    before = keeping.notes()
    with monkeypatch.context() as patch:
        _die_after(patch, 3)
        await keeping.days(1, STEP)
    assert keeping.keeper.status == "error"
    await keeping.restart(before)
    await keeping.days(15, STEP)

    # Amber corrects a day without having called it an estimate
    corrected = first + 5 * DAY
    site.correct(corrected, 1.5, since=datetime.now(UTC))
    await keeping.keeper.async_import(corrected, corrected)
    # ... and the last estimates become final
    site.estimated_share = 0.0
    await keeping.days(1, STEP)
    last = keeping.yesterday
    assert (last - first).days == LENGTH - 1
    assert keeping.keeper.status == "up_to_date"
    assert keeping.keeper.data.last_day == last
    assert not any(total.estimated for total in keeping.keeper.data.days.values())
    await assert_truth(sim, site, rows, first, last)


def _die_after(patch: pytest.MonkeyPatch, imports: int) -> None:
    """Let the recorder take so many more imports of statistics."""
    run = ImportStatisticsTask.run
    left = [imports]

    def dying(task: Any, instance: Recorder) -> None:
        left[0] -= 1
        if left[0] >= 0:
            run(task, instance)

    patch.setattr(ImportStatisticsTask, "run", dying)
