"""A vendor whose devices scripts/demo may ask for once in minutes only."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from scripts.demolib.battery import Battery
from scripts.demolib.control_check import ControlCheck
from scripts.demolib.homes import POWERS, Home
from scripts.demolib.report import Report
from scripts.demolib.sim import Simulator
from scripts.demolib.slow_watch import SlowWatch, is_slow, slow_watches, watch_during
from scripts.demolib.trial import Trial
from scripts.demolib.vendors import GROWATT_BY_LOGIN, GROWATT_BY_TOKEN
from simulator.growatt import GrowattSimulator, account_per_home

from .demo_fakes import GROWATT, FakeHass, a_home

FED = {"solar_power": 3000.0, "load_power": 500.0, "grid_power": -2500.0}
SHOWN = {**FED, "battery_power": 0.0}


class House:
    """What the simulator says of a house."""

    def __init__(self) -> None:
        self.truth = {"pv_w": 3000, "load_w": 500, "grid_w": -2500, "battery_w": 0}

    async def now(self, _serial: str) -> Any:
        return self.truth


@pytest.fixture
def home() -> Home:
    keys = (*POWERS, "control_state")
    return a_home(*keys, serial=GROWATT_BY_TOKEN, vendor=GROWATT)


@pytest.fixture
def watch(home: Home) -> SlowWatch:
    hass = FakeHass()
    hass.states |= dict.fromkeys(POWERS, "1")
    return SlowWatch(hass, home, House())


def show(watch: SlowWatch, powers: dict[str, float]) -> None:
    watch._hass.states |= {key: str(power) for key, power in powers.items()}


async def test_a_reading_that_the_house_had_is_well(watch: SlowWatch) -> None:
    await watch._look()
    show(watch, SHOWN)
    watch._house.truth = dict.fromkeys(watch._house.truth, 9)
    await watch._look()
    assert (watch.readings, watch.problems) == (1, [])


async def test_a_reading_that_the_house_never_had_fails(watch: SlowWatch) -> None:
    await watch._look()
    show(watch, {**SHOWN, "grid_power": 2500.0})
    await watch._look()
    assert len(watch.problems) == 1


async def test_what_is_not_known_is_no_reading(watch: SlowWatch) -> None:
    await watch._look()
    watch._hass.states["grid_power"] = "unavailable"
    await watch._look()
    assert (watch.readings, watch.problems) == (0, [])


async def test_a_home_that_shows_nothing_new_fails(watch: SlowWatch) -> None:
    report = Report()
    await watch_during(asyncio.sleep(0), [watch], report)
    assert len(report.failures) == 1


def test_only_a_battery_that_is_seldom_polled_is_slow(home: Home) -> None:
    assert is_slow(home)
    assert not is_slow(a_home())


async def test_a_seldom_polled_battery_need_not_be_shown(home: Home) -> None:
    hass = FakeHass()
    hass.states |= {"battery_power": "0", "control_state": "starting"}
    battery = Battery(hass, home, None)
    assert await battery.shown_problems("force_charge") == []
    assert await battery.begun_problems() == []
    hass.states["control_state"] = "active"
    assert await battery.begun_problems() == []
    hass.states["control_state"] = "idle"
    assert await battery.begun_problems() != []
    quick = Battery(hass, a_home(*POWERS), None)
    assert await quick.shown_problems("force_charge") != []


async def test_a_force_that_ends_alone_may_have_ended(home: Home) -> None:
    trial = Trial(Battery(None, home, None), "")
    await trial.go(trial.see_it_left_alone)
    assert trial.problems == []


def test_a_login_has_no_history(home: Home) -> None:
    assert home.history_days > 0
    by_login = a_home(serial=GROWATT_BY_LOGIN, vendor=GROWATT)
    assert by_login.history_days == 0
    assert "history_import" in home.missing()
    assert "history_import" not in by_login.missing()


@pytest.fixture
async def clouds(socket_enabled: None) -> AsyncIterator[list[GrowattSimulator]]:
    servers = account_per_home(2)
    for server in servers:
        await server.start()
    yield servers
    for server in servers:
        await server.stop()


@pytest.fixture
async def houses(clouds: list[GrowattSimulator]) -> AsyncIterator[Simulator]:
    async with aiohttp.ClientSession() as session:
        yield Simulator(
            "http://127.0.0.1:1",
            "growatt",
            session,
            unit=GROWATT.unit,
            doors={
                serial: (clouds[door.place].origin, door)
                for serial, door in GROWATT.doors.items()
            },
        )


async def test_each_account_has_a_home_and_its_own_door(
    clouds: list[GrowattSimulator], houses: Simulator
) -> None:
    for server, serial in zip(
        clouds, (GROWATT_BY_TOKEN, GROWATT_BY_LOGIN), strict=True
    ):
        await houses.house(serial, load=777)
        assert (await houses.now(serial))["load_w"] == 777
        await houses.switch(serial, {"readback_delay": 5})
        assert server.devices[serial].switches.readback_delay == 5
        assert (await houses.truth(serial))["live"]["load_w"] == 777
        number = await houses.delay_next(serial, "tlxSet", 1)
        assert await houses.faults(serial) == {number}
        await houses.remove_fault(serial, number)
        assert await houses.faults(serial) == set()
    assert len({server.user_id for server in clouds}) == 2
    assert len({server.token for server in clouds}) == 2


async def test_minutes_that_no_longer_count_are_no_setting(
    clouds: list[GrowattSimulator], houses: Simulator, home: Home
) -> None:
    battery = Battery(None, home, houses)
    before = await battery.stored()
    remote = clouds[0].devices[home.serial].vpp
    remote.write(26, 2)
    assert await battery.stored() == before
    remote.write(25, 1)
    assert await battery.stored() != before


async def test_a_brief_watch_may_see_nothing_new_but_nothing_wrong(home: Home) -> None:
    hass = FakeHass()
    hass.states |= dict.fromkeys(POWERS, "1")
    [watch] = slow_watches(hass, [(home, House())], brief=True)
    report = Report()
    await watch_during(asyncio.sleep(0), [watch], report)
    assert report.failures == []
    show(watch, {**SHOWN, "grid_power": 2500.0})
    await watch._look()
    await watch_during(asyncio.sleep(0), [watch], report)
    assert len(report.failures) == 1


async def test_a_force_that_goes_on_must_not_have_ended(
    clouds: list[GrowattSimulator], houses: Simulator
) -> None:
    by_login = a_home(serial=GROWATT_BY_LOGIN, vendor=GROWATT)
    battery = Battery(None, by_login, houses)
    trial = Trial(battery, "")
    trial._before = await battery.stored()
    trial.end = datetime.now(UTC) + timedelta(minutes=1)
    await trial.go(trial.see_it_left_alone)
    assert trial.problems == ["it ended too early"]


async def test_a_window_ends_with_the_minute_of_the_force_s_end(
    clouds: list[GrowattSimulator], houses: Simulator
) -> None:
    by_login = a_home(serial=GROWATT_BY_LOGIN, vendor=GROWATT)
    battery = Battery(None, by_login, houses)
    trial = Trial(battery, "")
    trial._before = await battery.stored()
    trial.end = datetime.now(UTC) - timedelta(minutes=1)
    await trial.go(trial.see_it_left_alone)
    assert trial.problems == []


def test_writes_are_not_compared_where_the_device_may_end_first(home: Home) -> None:
    report = Report()
    check = ControlCheck(None, {}, report)
    for wanted, one in (
        (0, home),
        (1, a_home(vendor=GROWATT, serial=GROWATT_BY_LOGIN)),
    ):
        trials = [Trial(Battery(None, one, None), "") for _ in range(2)]
        trials[0]._journal, trials[1]._journal = [(0, 0), (3, 3)], [(0, 0), (3, 2)]
        for trial in trials:
            check._tell([trial])
        assert len(report.failures) == wanted


@pytest.mark.parametrize(("moved", "problems"), [(True, 0), (False, 1)])
def test_a_window_that_is_moved_is_written_again(*, moved: bool, problems: int) -> None:
    trial = Trial(Battery(None, a_home(), None), "")
    trial._journal, trial._moved = [(0, 0), (3, 3), (5, 5)], moved
    trial.compare([(2, 2), (2, 2)])
    assert len(trial.problems) == problems
    trial.compare([(1, 1), (2, 2)])
    assert len(trial.problems) == 1
