"""The actions of usage: what they answer, write and refuse (reference section 9.5)."""

from datetime import UTC, date, datetime
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import CONF_HISTORY_DAYS, DOMAIN
from simulator.amber import AmberSimulator, Site
from tests.amber_energy.conftest import entry_of, set_up

from .conftest import DAY, ReadRows, assert_sums
from .test_month import statistic

YESTERDAY = date(2026, 10, 6)


@pytest.fixture
def start_time() -> datetime:
    """Evening in Sydney."""
    return datetime(2026, 10, 7, 9, 2, tzinfo=UTC)


@pytest.fixture
async def entry(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> MockConfigEntry:
    """A running entry that has imported yesterday."""
    site.estimated_share = 0.0
    entry = entry_of(sim, site)
    made = MockConfigEntry(
        domain=DOMAIN,
        title="Home",
        unique_id=entry.unique_id,
        data=dict(entry.data),
        options={CONF_HISTORY_DAYS: 0},
    )
    await set_up(hass, made)
    return made


async def call(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> dict[str, Any]:
    """Call an action for the entry and return its answer."""
    answer = await hass.services.async_call(
        DOMAIN,
        action,
        {"config_entry_id": entry.entry_id, **data},
        blocking=True,
        return_response=True,
    )
    assert isinstance(answer, dict)
    return answer


async def test_get_usage(
    hass: HomeAssistant, entry: MockConfigEntry, sim: AmberSimulator, site: Site
) -> None:
    """Each interval as it was metered; energies positive, money by what it is."""
    day = YESTERDAY.isoformat()
    answer = await call(hass, entry, "get_usage", start=day, end=day)
    truth = sim.truth.usage(site.id, YESTERDAY, YESTERDAY)
    assert len(answer["usage"]) == len(truth.records) == 3 * 288
    for register, channel in truth.channels.items():
        of_register = [
            item for item in answer["usage"] if item["channel_identifier"] == register
        ]
        assert {item["channel_type"] for item in of_register} == {channel.type}
        assert all(item["kwh"] >= 0 for item in of_register)
        kwh = sum(item["kwh"] for item in of_register)
        assert kwh == pytest.approx(float(channel.kwh))
        earns = channel.type == "feedIn"
        key, other = ("compensation", "cost") if earns else ("cost", "compensation")
        assert not any(other in item for item in of_register)
        money = sum(item[key] for item in of_register) * (-1 if earns else 1)
        assert money == pytest.approx(float(channel.cost) / 100)
    first = answer["usage"][0]
    assert first["start_time"] == "2026-10-06T01:00:00+11:00"
    assert first["end_time"] == "2026-10-06T01:05:00+11:00"
    assert (first["date"], first["duration"]) == (day, 5)
    assert first["quality"] == "billable"
    price = truth.records[0]["perKwh"] / 100
    assert first["per_kwh"] == pytest.approx(price, abs=1e-6)


async def test_get_usage_asks_in_weeks(
    hass: HomeAssistant, entry: MockConfigEntry, sim: AmberSimulator
) -> None:
    """A month is five requests; days without usage are left out."""
    before = sim.counters.count("usage")
    answer = await call(hass, entry, "get_usage", start="2026-09-06", end="2026-10-06")
    assert sim.counters.count("usage") == before + 5
    assert len({item["date"] for item in answer["usage"]}) == 31


async def test_import_usage(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: AmberSimulator,
    site: Site,
    rows: ReadRows,
) -> None:
    """Days come into the statistics, again without harm, corrected ones too."""
    wanted = {"start": "2026-10-03", "end": "2026-10-06"}
    answer = await call(hass, entry, "import_usage", **wanted)
    assert answer == {"days": 4, "rows": 4 * 7 * 24, "missing": []}
    once = await rows(statistic(site, "net_cost"))
    assert len(once) == 4 * 24
    assert_sums(once)
    assert await call(hass, entry, "import_usage", **wanted) == answer
    assert await rows(statistic(site, "net_cost")) == {
        hour: pytest.approx(row) for hour, row in once.items()
    }
    site.correct(date(2026, 10, 4), 2.0, since=datetime.now(UTC))
    await call(hass, entry, "import_usage", start="2026-10-04", end="2026-10-04")
    net = await rows(statistic(site, "net_cost"))
    assert_sums(net)
    truth = sim.truth.usage(site.id, date(2026, 10, 3), YESTERDAY)
    total = list(net.values())[-1][1]
    assert total == pytest.approx(float(truth.cost) / 100, abs=0.0001)
    assert total != pytest.approx(list(once.values())[-1][1], abs=0.01)


async def test_import_usage_of_days_that_are_not_there(
    hass: HomeAssistant, entry: MockConfigEntry, site: Site
) -> None:
    """They are named."""
    site.withheld = {date(2026, 10, 4)}
    answer = await call(
        hass, entry, "import_usage", start="2026-10-03", end="2026-10-05"
    )
    assert (answer["days"], answer["missing"]) == (2, ["2026-10-04"])


async def test_import_history(
    hass: HomeAssistant, entry: MockConfigEntry, site: Site, rows: ReadRows
) -> None:
    """It goes on in the background, and tells how it began and ended."""
    answer = await call(hass, entry, "import_history", start="2026-09-20")
    assert answer["days"] == 17
    assert answer["estimated_seconds"] > 0
    await hass.async_block_till_done(wait_background_tasks=True)
    progress = entry.runtime_data.usage.history.progress
    assert (progress.state, progress.job_id) == ("finished", answer["job_id"])
    net = await rows(statistic(site, "net_cost"))
    assert len(net) == 17 * 24
    assert_sums(net)
    registry = er.async_get(hass)
    for platform, key in (
        ("sensor", "history_import"),
        ("event", "history_import_events"),
    ):
        found = registry.async_get_entity_id(platform, DOMAIN, f"{site.id}_{key}")
        assert found is not None
        state = hass.states.get(found)
        assert state is not None
        if platform == "sensor":
            assert float(state.state) == 100
        else:
            assert state.attributes["event_type"] == "finished"
            assert state.attributes["job_id"] == answer["job_id"]


async def test_import_history_of_all(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Without a first day it is all that Amber keeps."""
    answer = await call(hass, entry, "import_history")
    assert answer["days"] == 98
    entry.runtime_data.usage.history.stop()


@pytest.mark.parametrize(
    ("action", "data", "error"),
    [
        ("get_usage", {"start": "2026-10-07", "end": "2026-10-07"}, "future_usage"),
        ("get_usage", {"start": "2026-10-06", "end": "2026-10-05"}, "usage_range"),
        ("get_usage", {"start": "2026-09-05", "end": "2026-10-06"}, "usage_range"),
        ("import_usage", {"start": "2026-10-06", "end": "2026-10-07"}, "future_usage"),
        ("import_usage", {"start": "2026-06-30", "end": "2026-10-06"}, "usage_range"),
        ("import_history", {"start": "2026-10-07"}, "future_usage"),
        ("import_history", {"start": "2026-06-30"}, "usage_range"),
    ],
)
async def test_what_is_refused(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    sim: AmberSimulator,
    action: str,
    data: dict[str, str],
    error: str,
) -> None:
    """With a text that says why, and without a request."""
    before = sim.counters.count("usage")
    with pytest.raises(ServiceValidationError) as err:
        await call(hass, entry, action, **data)
    assert err.value.translation_key == error
    assert sim.counters.count("usage") == before


async def test_no_requests_left(
    hass: HomeAssistant, entry: MockConfigEntry, sim: AmberSimulator
) -> None:
    """People's wishes do not use up what prices need."""
    sim.spend("sites_usage", 34)
    await entry.runtime_data.client.get_usage(YESTERDAY, YESTERDAY)
    with pytest.raises(HomeAssistantError) as err:
        await call(hass, entry, "import_usage", start="2026-10-06", end="2026-10-06")
    assert err.value.translation_key == "no_requests_left"
    with pytest.raises(HomeAssistantError) as err:
        await call(hass, entry, "get_usage", start="2026-09-06", end="2026-10-06")
    assert err.value.translation_key == "no_requests_left"


async def test_without_the_vendor(
    hass: HomeAssistant, entry: MockConfigEntry, sim: AmberSimulator
) -> None:
    """What Amber's trouble is, is told."""
    sim.faults.add("status", "usage", status=502)
    day = (YESTERDAY - DAY).isoformat()
    for action in ("get_usage", "import_usage"):
        with pytest.raises(HomeAssistantError) as err:
            await call(hass, entry, action, start=day, end=day)
        assert err.value.translation_key == "cannot_connect"
