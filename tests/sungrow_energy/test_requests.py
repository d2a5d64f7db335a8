"""How often the cloud is asked (reference section 5)."""

from datetime import UTC, datetime, timedelta
import sys

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.sungrow import SungrowSimulator

from .conftest import Step, set_up


async def pass_hours(sim: SungrowSimulator, step: Step, hours: int) -> dict[str, int]:
    """Let hours pass; return and print how often each endpoint was asked."""
    end = dt_util.utcnow() + timedelta(hours=hours)
    while dt_util.utcnow() < end:
        await step(175)
    counts = dict(sorted(sim.quota.counts.items()))
    most = {name: sim.quota.most_per_hour(name) for name in counts}
    sys.stdout.writelines(
        f"{count:6} {most[name]:5}/h {name}\n" for name, count in counts.items()
    )
    sys.stdout.write(f"{sim.quota.total:6} {sim.quota.most_per_hour():5}/h in all\n")
    return counts


@pytest.mark.parametrize(
    ("homes", "hours", "control", "devices", "most"),
    [
        (("hybrid",), 24, True, 4, 110),
        # The same each hour, and many entities
        (("hybrid", "two_batteries", "string"), 2, True, 12, 200),
    ],
    ids=["a day of one plant", "three plants"],
)
async def test_polling_stays_far_below_the_quota(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    hours: int,
    control: bool,
    devices: int,
    most: int,
) -> None:
    """The first hour, in which all is new, counts too."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"allow_control": control})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    counts = await pass_hours(sim, step, hours)
    runtime = entry.runtime_data
    assert len(runtime.devices) >= devices
    assert sim.quota.most_per_hour() <= most
    assert not sim.quota.broken
    assert sim.oauth.tokens.refreshes == 0
    # One call for all plants, one for each type of device
    assert counts["platform/getPowerStationRealTimeData"] <= 12 * hours + 1
    types = {device.type for device in runtime.devices.values()}
    assert counts["platform/getDeviceRealTimeData"] <= len(types) * (12.5 * hours + 1)
    assert counts["platform/queryPowerStationList"] <= hours + 1
    assert counts["platform/getFaultAlarmInfo"] <= 2 * hours + 12
    assert all(d.fresh for d in runtime.devices.values() if d.type == 14)
    assert sum(runtime.calls_last_hour().values()) <= most


async def test_codes_that_a_device_lacks_cost_the_first_hour_only(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    inverter = next(d for d in sim.devices.values() if d.type == 14)
    inverter.switches.lacks = {"10024", "10036", "10010", "10074"}
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"allow_control": True})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    await pass_hours(sim, step, 1)
    assert sim.quota.most_per_hour() <= 200
    submitted = sim.quota.counts["platform/paramSetting"]
    await pass_hours(sim, step, 2)
    assert sim.quota.counts["platform/paramSetting"] - submitted <= 3 * 4


async def test_polls_follow_the_uploads(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A sample is read soon after it was made, and no poll is wasted."""
    await set_up(hass, entry)
    inverter = next(d for d in entry.runtime_data.devices.values() if d.type == 14)
    for _ in range(40):
        await step(15)
    ages = []
    before = sim.quota.counts["platform/getDeviceRealTimeData"]
    for _ in range(80):
        await step(15)
        assert inverter.observed_at
        ages.append((dt_util.utcnow() - inverter.observed_at).total_seconds())
    assert max(ages) <= 300 + 45 + 30
    types = {d.type for d in entry.runtime_data.devices.values()}
    asked = sim.quota.counts["platform/getDeviceRealTimeData"] - before
    assert asked <= len(types) * 4


class TestTheHourThatComesTwice:
    """The clocks of the plants are put back; nothing ages by that."""

    @pytest.fixture
    def start_time(self) -> datetime:
        """A little before that, at 1 h UTC."""
        return datetime(2026, 10, 25, 0, 41, tzinfo=UTC)

    async def test_samples_go_on(
        self,
        hass: HomeAssistant,
        sim: SungrowSimulator,
        entry: MockConfigEntry,
        step: Step,
    ) -> None:
        await set_up(hass, entry)
        inverter = next(d for d in entry.runtime_data.devices.values() if d.type == 14)
        for _ in range(20):
            await step(300)
            assert inverter.observed_at
            age = dt_util.utcnow() - inverter.observed_at
            assert timedelta() <= age <= timedelta(minutes=11)


@pytest.mark.parametrize("seconds", [60, 900])
async def test_people_choose_how_often(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    seconds: int,
) -> None:
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, options={"poll_seconds": seconds})
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    before = sim.quota.counts["platform/getPowerStationRealTimeData"]
    for _ in range(60):
        await step(30)
    asked = sim.quota.counts["platform/getPowerStationRealTimeData"] - before
    assert asked == pytest.approx(1800 / seconds, abs=1 + 1800 / seconds * 0.1)
