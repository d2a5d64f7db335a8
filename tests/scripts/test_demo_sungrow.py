"""What scripts/demo knows of Sungrow: plants above inverters, and OAuth2."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, override

import aiohttp
import pytest
from yarl import URL

from scripts.demolib.battery import Battery
from scripts.demolib.check import overlap_problems
from scripts.demolib.control_check import ControlCheck
from scripts.demolib.folder import Demo, DemoError
from scripts.demolib.hass import Entity, Hass
from scripts.demolib.homes import POWERS, find_homes
from scripts.demolib.report import Report
from scripts.demolib.sim import Simulator, prepare_simulator
from scripts.demolib.slow_watch import STEP, SlowWatch
from scripts.demolib.sungrow import BY_LOGIN, BY_OAUTH, authorized, inverter
from scripts.demolib.trial import Trial
from scripts.demolib.vendor import Answers
from scripts.demolib.vendors import ports
from simulator.sungrow import APPLICATION_ID, REDIRECT_URIS, SungrowSimulator

from .demo_fakes import SUNGROW, FakeHass, a_home

SERIAL, PLANT = inverter(BY_OAUTH).sn, str(BY_OAUTH.ps_id)


@pytest.fixture
async def cloud(socket_enabled: None) -> AsyncIterator[SungrowSimulator]:
    server = SungrowSimulator(homes=2)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def houses(cloud: SungrowSimulator) -> AsyncIterator[Simulator]:
    async with aiohttp.ClientSession() as session:
        yield Simulator(
            "http://127.0.0.1:1",
            "sungrow",
            session,
            unit=SUNGROW.unit,
            doors={
                serial: (cloud.origin, door) for serial, door in SUNGROW.doors.items()
            },
        )


# Homes


class Registry(FakeHass):
    """A Home Assistant with the devices and entities of one plant."""

    def __init__(self, *without: str) -> None:
        super().__init__()
        self.devices = [
            {
                "id": identifier,
                "identifiers": [["sungrow_energy", identifier]],
                "name": f"Device {identifier}",
                "name_by_user": None,
            }
            for identifier in (SERIAL, f"plant_{PLANT}")
            if identifier not in without
        ]

    @override
    async def call(self, kind: str, **fields: Any) -> Any:
        return self.devices

    @override
    async def entities(self, domain: str) -> list[Entity]:
        if domain != SUNGROW.domain:
            return []
        return [
            an_entity(f"plant_{PLANT}", "pv_power"),
            an_entity(f"plant_{PLANT}", "battery_soc"),
            an_entity(SERIAL, "battery_soc"),
            an_entity(SERIAL, "battery_mode"),
            replace(an_entity(SERIAL, "load_power"), disabled=True),
        ]


def an_entity(device_id: str, key: str) -> Entity:
    return Entity(
        entity_id=f"sensor.{device_id}_{key}",
        platform="sungrow_energy",
        unique_id=key,
        key=key,
        device_id=device_id,
        disabled=False,
        name=key,
        state="1",
        attributes={},
    )


async def test_a_home_is_its_plant_and_the_inverter_that_is_controlled() -> None:
    (home,) = await find_homes(Registry())
    assert (home.serial, home.device_id) == (SERIAL, SERIAL)
    assert (home.shown_id, home.name) == (f"plant_{PLANT}", f"Device plant_{PLANT}")
    assert home.entity_id("battery_mode") == f"sensor.{SERIAL}_battery_mode"
    assert home.entity_id("solar_power") == f"sensor.plant_{PLANT}_pv_power"
    assert home.entity_id("battery_soc") == f"sensor.plant_{PLANT}_battery_soc"
    assert "load_power" in home.missing()
    assert home.statistic("solar") == f"sungrow_energy:{PLANT}_solar_energy"


@pytest.mark.parametrize("without", [SERIAL, f"plant_{PLANT}"])
async def test_a_plant_without_its_inverter_is_no_home_yet(without: str) -> None:
    assert await find_homes(Registry(without)) == []


# The past


class Statistics:
    """A demo whose imported statistics end with some hour of its present day."""

    def __init__(self, demo: Demo, hour: int) -> None:
        self.demo, self.hass = demo, self
        self.since = demo.local_time()
        midnight = self.since.replace(hour=0, minute=0, second=0, microsecond=0)
        self.last = midnight.timestamp() + hour * 3600

    async def statistics(self, ids: list[str], *_: Any) -> Any:
        return {one: [{"start": self.last * 1000}] for one in ids}


@pytest.mark.parametrize(("hour", "problems"), [(-1, 0), (-2, 5), (0, 5)])
async def test_a_past_without_the_running_day_ends_with_the_day_before(
    tmp_path: Path, hour: int, problems: int
) -> None:
    home = a_home(serial=SERIAL, vendor=SUNGROW)
    running = Statistics(Demo.open(tmp_path), hour)
    assert len(await overlap_problems(running, home)) == problems


# Readings


async def test_powers_may_be_of_different_moments_but_not_made_up() -> None:
    class House:
        async def now(self, _serial: str) -> Any:
            return dict.fromkeys(("pv_w", "load_w", "grid_w", "battery_w"), 0)

    hass = FakeHass()
    watch = SlowWatch(hass, a_home(*POWERS, serial=SERIAL, vendor=SUNGROW), House())
    watch._truth.extend(
        [
            dict.fromkeys(POWERS, 1000.0),
            dict.fromkeys(POWERS, 3000.0),
        ]
    )
    mixed = dict(zip(POWERS, (1000.0, 3000.0, 1000.0, 3000.0), strict=True))
    assert watch._was(mixed)
    assert STEP * (watch._truth.maxlen or 0) > 60 + SUNGROW.switches["push_seconds"]
    assert not watch._was({**mixed, "grid_power": 2000.0})


async def test_what_was_shown_at_first_may_still_be_shown_in_part() -> None:
    class House:
        async def now(self, _serial: str) -> Any:
            return dict.fromkeys(("pv_w", "load_w", "grid_w", "battery_w"), 0)

    hass = FakeHass()
    hass.states |= dict.fromkeys(POWERS, "4000")
    watch = SlowWatch(hass, a_home(*POWERS, serial=SERIAL, vendor=SUNGROW), House())
    await watch._look()
    hass.states["solar_power"] = "0"
    await watch._look()
    assert (watch.readings, watch.problems) == (1, [])
    hass.states["solar_power"] = "2000"
    await watch._look()
    assert len(watch.problems) == 1


# Setting up


def page(cloud: SungrowSimulator, application_id: str = APPLICATION_ID) -> str:
    redirect = URL(REDIRECT_URIS[-1])
    return (
        f"{cloud.web_url}/?state=mine#/authorized-app?cloudId={cloud.cloud_id}"
        f"&applicationId={application_id}&redirectUrl={redirect}"
    )


async def test_the_page_of_the_cloud_lets_the_demo_in(cloud: SungrowSimulator) -> None:
    address = URL(await authorized(page(cloud), PLANT))
    assert str(address.with_query(None)) == REDIRECT_URIS[-1]
    assert address.query["state"] == "mine"
    tokens = cloud.oauth.exchange(address.query["code"], REDIRECT_URIS[-1], None)
    assert tokens["auth_ps_list"] == [PLANT]


async def test_a_page_that_lets_nobody_in_is_said(cloud: SungrowSimulator) -> None:
    with pytest.raises(DemoError, match="404"):
        await authorized(page(cloud, "1"), PLANT)


class Dialog(Hass):
    """A flow that shows where to go, and then ends in an entry."""

    def __init__(self) -> None:
        self.sent: list[Mapping[str, Any]] = []
        self.told: dict[str, str] | None = {"authorize_url": "http://page"}

    @override
    async def post(self, path: str, body: Mapping[str, Any]) -> Any:
        self.sent.append(body)
        if len(self.sent) > 1:
            return {"type": "create_entry"}
        return {
            "type": "form",
            "step_id": "paste",
            "flow_id": "1",
            "description_placeholders": self.told,
        }


async def test_an_errand_gets_what_the_step_tells() -> None:
    async def errand(told: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"address": told.get("authorize_url", "nowhere")}

    answers: Answers = {"paste": errand}
    dialog = Dialog()
    await dialog.create_entry("sungrow_energy", answers)
    assert dialog.sent[-1] == {"address": "http://page"}
    silent = Dialog()
    silent.told = None
    await silent.create_entry("sungrow_energy", answers)
    assert silent.sent[-1] == {"address": "nowhere"}


def test_each_entry_takes_its_own_plant() -> None:
    oauth, login = (entry("http://127.0.0.1:9000") for entry in SUNGROW.entries)
    assert oauth["oauth"]["expert"] == {
        "server_url": "http://127.0.0.1:9000",
        "web_url": "http://127.0.0.1:9001",
    }
    assert oauth["plants"] == {"plants": [PLANT]}
    assert login["plants"] == {"plants": [str(BY_LOGIN.ps_id)]}


async def test_switches_are_set_where_the_simulator_has_them(
    cloud: SungrowSimulator, tmp_path: Path
) -> None:
    demo = Demo.open(tmp_path)
    demo.simulator_port = (URL(cloud.url).port or 0) - ports(SUNGROW)[0]
    await prepare_simulator(demo, SUNGROW)
    assert cloud.cloud.push_seconds == SUNGROW.switches["push_seconds"]
    for serial in SUNGROW.doors:
        switches = cloud.devices[serial].switches
        assert switches.task_seconds == SUNGROW.unit_switches["task_seconds"]
    assert [round(house.live().soc) for house in cloud.houses.values()] == [50, 50]


# The simulator


async def test_a_home_is_asked_for_by_its_names(
    cloud: SungrowSimulator, houses: Simulator
) -> None:
    await houses.house(SERIAL, load=777)
    assert (await houses.now(SERIAL))["load_w"] == 777
    await houses.delay_next(SERIAL, "platform/paramSetting", 1)
    (fault,) = cloud.faults.active
    assert fault.system == str(inverter(BY_OAUTH).uuid)


async def test_what_a_force_changes_is_seen(
    cloud: SungrowSimulator, houses: Simulator
) -> None:
    home = a_home(serial=SERIAL, vendor=SUNGROW)
    battery = Battery(None, home, houses)
    before = await battery.stored()
    await battery.react_at_once()
    assert cloud.devices[SERIAL].switches.reaction_seconds == 2
    cloud.devices[SERIAL].write_as_app(p10003=2)
    assert await battery.stored() != before
    assert await battery.journal() == (0, 0)


def test_every_force_writes_as_much_as_the_first_one() -> None:
    report = Report()
    check = ControlCheck(None, {}, report)
    home = a_home(serial=SERIAL, vendor=SUNGROW)
    for effects, failures in ((3, 0), (3, 0), (5, 1)):
        trial = Trial(Battery(None, home, None), "")
        trial._journal = [(0, 0), (3, effects)]
        check._tell([trial])
        assert len(report.failures) == failures
