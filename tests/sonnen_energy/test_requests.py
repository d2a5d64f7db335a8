"""How often the battery is asked (reference section 5)."""

from datetime import timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.sonnen import SonnenBattery, SonnenSimulator

from .conftest import SERIAL, SERIAL_2, Step, entry_of, set_up

STEADY_LIMIT = 800


async def hour(step: Step) -> None:
    for _ in range(720):
        await step(5)


@pytest.mark.parametrize("batteries", [2])
async def test_steady_state(
    hass: HomeAssistant, sim: SonnenSimulator, step: Step
) -> None:
    """At most 800 requests per hour and battery, at the cadences of section 5."""
    for battery in sim.batteries:
        await set_up(hass, entry_of(battery))
    await step(60)
    sim.counters.reset()
    await hour(step)
    for serial in (SERIAL, SERIAL_2):
        requests = [r.endpoint for r in sim.counters.requests() if r.system == serial]
        assert 700 < len(requests) <= STEADY_LIMIT
        assert requests.count("status") == pytest.approx(360, abs=2)
        for endpoint in ("latestdata", "inverter"):
            assert requests.count(endpoint) == pytest.approx(120, abs=2)
        for endpoint in ("battery", "powermeter", "configurations"):
            assert requests.count(endpoint) == pytest.approx(60, abs=2)
        assert requests.count("io") == 0


async def test_what_is_missing_is_asked_for_rarely(
    hass: HomeAssistant,
    battery: SonnenBattery,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Once an hour, without a word in the log, and the rest goes on."""
    battery.variant.missing_endpoints = {"inverter", "io", "battery"}
    await set_up(hass, entry)
    await hour(step)
    for endpoint in ("inverter", "battery"):
        assert 1 <= sim.counters.count(endpoint) <= 3
    assert sim.counters.count("io") == 1
    assert entry.runtime_data.detail.fresh
    assert not [r for r in caplog.records if "cannot be read" in r.getMessage()]


async def test_new_firmware_is_asked_at_once(
    hass: HomeAssistant,
    battery: SonnenBattery,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """What an update brought shows up without a restart."""
    battery.variant.missing_endpoints = {"inverter"}
    await set_up(hass, entry)
    for _ in range(30):
        await step(10)
    assert not entry.runtime_data.inverter.known
    battery.variant.missing_endpoints = set()
    battery.write_as_app(DE_Software="1.26.0")
    for _ in range(10):
        await step(10)
    assert entry.runtime_data.inverter.known


async def test_ten_restarts_repeat_nothing_fresh(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A reload asks only for what has grown too old meanwhile."""
    await set_up(hass, entry)
    sim.counters.reset()
    began = dt_util.utcnow()
    for _ in range(10):
        await hass.config_entries.async_reload(entry.entry_id)
        await hass.async_block_till_done(wait_background_tasks=True)
        await step(0.5)
    assert dt_util.utcnow() - began < timedelta(seconds=10)
    assert sim.counters.by_endpoint() == {}


async def test_battery_that_is_away_is_not_asked_for_everything(
    hass: HomeAssistant,
    battery: SonnenBattery,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """Only the status is tried, every half minute; the rest follows when it is back."""
    await set_up(hass, entry)
    sim.faults.add("status", status=500)
    await step(10)
    sim.counters.reset()
    await hour(step)
    asked = sim.counters.by_endpoint()
    assert asked.keys() == {"status"}
    assert 100 <= asked["status"] <= 150
    sim.faults.clear()
    sim.counters.reset()
    for _ in range(4):
        await step(10)
    assert sim.counters.by_endpoint().keys() == {
        "status",
        "latestdata",
        "inverter",
        "battery",
        "powermeter",
        "configurations",
    }


async def test_outside_change_is_seen_within_one_poll(
    hass: HomeAssistant,
    battery: SonnenBattery,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """The status shows another mode: the settings are read at once, and once only."""
    await set_up(hass, entry)
    await step(10)
    sim.counters.reset()
    battery.write_as_app(EM_USOC="55")
    await step(10)
    assert sim.counters.count("configurations") == 1
    assert entry.runtime_data.config.data.values.reserve == 55
    for _ in range(4):
        await step(10)
    assert sim.counters.count("configurations") == 1


async def test_status_that_never_agrees_is_no_storm(
    hass: HomeAssistant, sim: SonnenSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Firmware whose status and settings differ for good is asked as any other."""
    await set_up(hass, entry)
    sim.faults.add("mutate", "status", field="BackupBuffer", value="77")
    await step(60)
    sim.counters.reset()
    await hour(step)
    assert sim.counters.count("configurations") <= 62
    assert sim.counters.count() <= STEADY_LIMIT
