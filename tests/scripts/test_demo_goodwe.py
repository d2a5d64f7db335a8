"""What scripts/demo knows of GoodWe: one account, and powers that are pushed."""

from collections.abc import AsyncIterator
from typing import Any, override

import aiohttp
import pytest

from custom_components.goodwe_energy.forms import account_form, control_form
from scripts.demolib.battery import Battery
from scripts.demolib.folder import DemoError
from scripts.demolib.goodwe import HOMES, entry, inverter
from scripts.demolib.sim import Simulator
from scripts.demolib.slow_watch import is_slow
from scripts.demolib.trial import REACTION, Trial
from simulator.goodwe import GoodWeSimulator, Home
from simulator.goodwe.endpoints import ENDPOINTS

from .demo_fakes import GOODWE, SONNEN, FakeHass, a_home

SERIALS = [inverter(home) for home in HOMES]


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncIterator[GoodWeSimulator]:
    server = GoodWeSimulator(homes=2)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def houses(cloud: GoodWeSimulator) -> AsyncIterator[Simulator]:
    async with aiohttp.ClientSession() as session:
        yield Simulator(
            "http://127.0.0.1:1",
            "goodwe",
            session,
            unit=GOODWE.unit,
            doors={
                serial: (cloud.origin, door) for serial, door in GOODWE.doors.items()
            },
        )


def test_what_is_entered_fits_the_forms(cloud: GoodWeSimulator) -> None:
    answers = entry(cloud.url)
    user, plants = answers["user"], answers["plants"]
    assert account_form({})(user) == user
    assert control_form({})(answers["control"]) == {"allow_control": True}
    assert (user["account"], user["password"]) == (cloud.account, cloud.password)
    assert plants["plants"] == [station.id for station in cloud.stations]


@pytest.mark.parametrize("home", HOMES, ids=lambda home: home.kind)
async def test_a_home_is_asked_for_by_its_names(
    cloud: GoodWeSimulator, houses: Simulator, home: Home
) -> None:
    serial = inverter(home)
    await houses.house(serial, load=777)
    assert (await houses.now(serial))["load_w"] == 777
    past = GOODWE.plants[serial].past
    assert a_home(serial=serial, vendor=GOODWE).statistic("solar") == (
        f"goodwe_energy:{past}_solar_energy"
    )


async def test_what_a_force_changes_is_seen(
    cloud: GoodWeSimulator, houses: Simulator
) -> None:
    serial = SERIALS[1]
    battery = Battery(None, a_home(serial=serial, vendor=GOODWE), houses)
    before = await battery.stored()
    await battery.react_at_once()
    controls = cloud.devices[serial].control
    assert controls.switches.write_seconds == 0.3
    controls.write_as_app({"47510": 4000})
    assert await battery.stored() != before
    assert await battery.journal() == (0, 0)


async def test_a_slot_without_a_time_is_like_any_other(
    cloud: GoodWeSimulator, houses: Simulator
) -> None:
    """One that was never used cannot be told so again."""
    serial = SERIALS[1]
    battery = Battery(None, a_home(serial=serial, vendor=GOODWE), houses)
    before = await battery.stored()
    settings = cloud.devices[serial].control.settings
    unused = {**settings.stored["TOU2"], "TOUWeekEnable2": 6, "ChargeCutOffSet2": 100}
    settings.stored["TOU2"] = unused
    assert await battery.stored() == before
    for change in ({"TOUWeekEnable2": 249}, {"TOUEnd2": "00:01"}):
        settings.stored["TOU2"] = unused | change
        assert await battery.stored() != before
    settings.stored["TOU2"] = unused
    settings.stored["TOU1"] |= {"ChargeCutOffSet1": 81}
    assert await battery.stored() != before


def test_its_writes_are_those_of_the_simulator() -> None:
    """What is held up on its way has to exist."""
    writes = {path for (_, path), endpoint in ENDPOINTS.items() if endpoint.write}
    assert set(GOODWE.control.writes) <= writes


class LateHass(FakeHass):
    """A Home Assistant that sees a force being followed when it looks again."""

    def __init__(self) -> None:
        super().__init__()
        self.states["control_state"] = "starting"
        self.looks = 0

    @override
    async def state(self, entity_id: str) -> str:
        if entity_id.endswith("control_state"):
            self.looks += 1
            if self.looks > 1:
                self.states["control_state"] = "active"
        return await super().state(entity_id)


class Charging:
    """A house whose battery is charged from the grid."""

    async def now(self, _serial: str) -> Any:
        return {"battery_w": -2000, "grid_w": 2500}

    async def system(self, _serial: str) -> Any:
        return {"stored": {}, "writes": 0, "effects": 0}


async def test_powers_are_shown_at_once_but_a_force_is_believed_for_a_minute() -> None:
    """A record says the minute that it is of."""
    home = a_home(
        "battery_power", "grid_power", "control_state", serial=SERIALS[0], vendor=GOODWE
    )
    assert not is_slow(home)
    assert GOODWE.control.believed > 60 > REACTION
    assert SONNEN.control.believed == 0
    hass = LateHass()
    hass.states |= {"battery_power": "-2000", "grid_power": "2500"}
    trial = Trial(Battery(hass, home, Charging()), "")
    await trial.see_it()
    assert hass.looks == 2
    hass.states["battery_power"] = "0"
    with pytest.raises(DemoError):
        await trial._need(0, lambda: trial.battery.shown_problems("force_charge"))
