"""When scripts/demo --check says that a surprised battery was dealt with well."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from scripts.demolib.battery import Battery
from scripts.demolib.folder import DemoError
from scripts.demolib.sim import Simulator
from scripts.demolib.surprises import SurpriseTrial
from simulator.sonnen import SonnenBattery, SonnenSimulator

from .demo_fakes import SONNEN, SONNEN_SERIAL, FakeHass, a_home

KEYS = (
    "battery_mode",
    "control_state",
    "control_events",
    "battery_power",
    "grid_power",
    "off_grid",
    "time_until_fully_discharged",
    "fully_discharged_at",
)
FORCED = {"EM_OperatingMode": "1", "charge": 3000}


@pytest.fixture
async def device(socket_enabled: None) -> AsyncIterator[SonnenBattery]:
    server = SonnenSimulator(reaction_delay=0)
    await server.start()
    yield server.battery(SONNEN_SERIAL)
    await server.stop()


@pytest.fixture
async def battery(device: SonnenBattery, hass_api: FakeHass) -> AsyncIterator[Battery]:
    home = a_home(*KEYS, serial=SONNEN_SERIAL, vendor=SONNEN)
    async with aiohttp.ClientSession() as session:
        house = Simulator(device.url, "sonnen", session)
        yield Battery(hass_api, home, house)  # type: ignore[arg-type]


@pytest.fixture
async def trial(
    battery: Battery, device: SonnenBattery, monkeypatch: pytest.MonkeyPatch
) -> SurpriseTrial:
    """A trial of a battery that is forced; nothing is waited for."""
    for name in ("NOTICED", "UNTOUCHED", "GRID_IS_BACK", "REACTION"):
        monkeypatch.setattr(f"scripts.demolib.surprises.{name}", 0)
    monkeypatch.setattr(Battery, "soon", 0)
    monkeypatch.setattr(Battery, "back", 0)
    trial = SurpriseTrial(battery, "", "force_charge")
    await trial.go(trial.rest)
    assert trial.problems == []
    device.restore(device.stored | FORCED)
    return trial


def says(hass_api: FakeHass, mode: str, state: str, event: str) -> None:
    hass_api.states |= {"battery_mode": mode, "control_state": state}
    hass_api.attributes["control_events.event_type"] = event


async def test_a_restart_leaves_nothing_of_the_force(
    trial: SurpriseTrial, device: SonnenBattery
) -> None:
    await trial.go(trial._restart)
    assert trial.problems == []
    assert device.stored["EM_OperatingMode"] == "2"
    assert device.stored["charge"] == 0
    assert not device.reachable


async def test_a_restart_without_any_effect_proves_nothing(
    trial: SurpriseTrial, device: SonnenBattery
) -> None:
    device.restore(device.stored | {"EM_OperatingMode": "2", "charge": 0})
    await trial.go(trial._restart)
    assert trial.problems == ["the restart has changed nothing"]


async def test_a_force_goes_on_after_a_restart(
    trial: SurpriseTrial, hass_api: FakeHass
) -> None:
    says(hass_api, "force_charge", "active", "lost")
    hass_api.states |= {"battery_power": "-3000", "grid_power": "3500"}
    await trial.go(trial._see_it_again)
    assert trial.problems == []


@pytest.mark.parametrize(
    ("mode", "state", "event"),
    [
        ("force_charge", "active", "external"),
        ("force_charge", "starting", "lost"),
        ("self_use", "active", "lost"),
    ],
)
async def test_a_force_that_does_not_go_on_fails(
    trial: SurpriseTrial, hass_api: FakeHass, mode: str, state: str, event: str
) -> None:
    says(hass_api, mode, state, event)
    hass_api.states |= {"battery_power": "-3000", "grid_power": "3500"}
    await trial.go(trial._see_it_again)
    assert len(trial.problems) == 1


async def test_a_persons_change_that_stands_is_well(
    trial: SurpriseTrial, hass_api: FakeHass, device: SonnenBattery
) -> None:
    says(hass_api, "time_of_use", "external", "external")
    await trial.go(trial._change_by_person, trial._see_it_let_go)
    assert trial.problems == []
    assert device.stored["EM_OperatingMode"] == "10"


async def test_a_persons_change_that_is_fought_fails(
    trial: SurpriseTrial, hass_api: FakeHass, device: SonnenBattery
) -> None:
    says(hass_api, "time_of_use", "external", "external")
    await trial.go(trial._change_by_person)
    device.write("EM_OperatingMode", "1")
    await trial.go(trial._see_it_let_go)
    assert trial.problems == [
        'EM_OperatingMode was "10", is "1"; it was written to 1 times'
    ]


async def test_a_write_without_effect_is_a_write_too(
    trial: SurpriseTrial, hass_api: FakeHass, device: SonnenBattery
) -> None:
    says(hass_api, "time_of_use", "external", "external")
    await trial.go(trial._change_by_person)
    device.write("EM_OperatingMode", "10")
    await trial.go(trial._see_it_let_go)
    assert trial.problems == ["it was written to 1 times"]


def lasting(hass_api: FakeHass, hours: float, moment: float) -> None:
    until = datetime.now(UTC) + timedelta(hours=moment)
    hass_api.states |= {
        "time_until_fully_discharged": f"{hours * 3600:.0f}",
        "fully_discharged_at": until.isoformat(),
    }


async def test_the_time_that_is_left_is_that_of_the_house(
    trial: SurpriseTrial, hass_api: FakeHass, device: SonnenBattery
) -> None:
    device.restore(device.stored | {"EM_OperatingMode": "2", "charge": 0})
    device.house.override(grid=False)
    left = 10.24 * 0.43 / 0.5  # kWh, from 50 % to the hidden reserve of 7 %, kW
    lasting(hass_api, left, left)
    await trial.go(trial._see_how_long_it_lasts)
    assert trial.problems == []


@pytest.mark.parametrize(("hours", "moment"), [(20, 20), (8.8, 20), (1, 1)])
async def test_a_wrong_time_fails(
    trial: SurpriseTrial, hass_api: FakeHass, hours: float, moment: float
) -> None:
    lasting(hass_api, hours, moment)
    await trial.go(trial._see_how_long_it_lasts)
    assert len(trial.problems) == 1


async def test_a_time_that_is_not_known_fails(
    trial: SurpriseTrial, hass_api: FakeHass
) -> None:
    hass_api.states |= {
        "time_until_fully_discharged": "unknown",
        "fully_discharged_at": "unknown",
    }
    await trial.go(trial._see_how_long_it_lasts)
    assert trial.problems == ["it is said to be empty in unknown s, at unknown"]


async def test_a_force_has_to_end_off_the_grid(
    trial: SurpriseTrial, hass_api: FakeHass, device: SonnenBattery
) -> None:
    says(hass_api, "self_use", "idle", "ended")
    hass_api.states["off_grid"] = "on"
    device.house.override(grid=False)
    await trial.go(trial._see_it_off_grid)
    assert "EM_OperatingMode" in trial.problems[0]
    trial.problems.clear()
    device.restore(device.stored | {"EM_OperatingMode": "2", "charge": 0})
    await trial.go(trial._see_it_off_grid)
    assert trial.problems == []


async def test_a_vendor_without_surprises_cannot_be_surprised(
    battery: Battery, hass_api: FakeHass
) -> None:
    other = Battery(hass_api, a_home(), battery.house)  # type: ignore[arg-type]
    with pytest.raises(DemoError, match="cannot be surprised"):
        SurpriseTrial(other, "", "force_charge")
