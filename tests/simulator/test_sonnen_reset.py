"""Restart, nightly reset and the minutes of the start."""

from datetime import UTC, datetime
import json

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.sonnen import SonnenBattery

from .sonnen_client import AUTOMATIC, MANUAL, Wire


async def unreachable(wire: Wire) -> bool:
    try:
        await wire.get("status")
    except aiohttp.ClientConnectionError:
        return True
    return False


@pytest.mark.parametrize(
    ("restart", "keeps", "mode"),
    [(False, False, AUTOMATIC), (False, True, MANUAL), (True, False, MANUAL)],
)
async def test_a_reset_loses_the_set_points(
    wire: Wire,
    battery: SonnenBattery,
    clock: ManualClock,
    restart: bool,
    keeps: bool,
    mode: str,
) -> None:
    battery.reset_keeps_mode = keeps
    await wire.force("charge", 2000)
    clock.advance(60)
    effects = len(battery.effects)
    (battery.restart if restart else battery.nightly_reset)(2, boot_minutes=1)
    assert await unreachable(wire)
    assert battery.live.battery_w == -22
    clock.advance(119)
    assert await unreachable(wire)
    clock.advance(1)
    assert not await unreachable(wire)
    clock.advance(60)
    assert (await wire.read("configurations"))["EM_OperatingMode"] == mode
    assert battery.stored["charge"] == 0
    assert battery.live.battery_w == (500 if mode == AUTOMATIC else -22)
    assert len(battery.effects) == effects


async def test_a_reset_leaves_other_modes_alone(
    wire: Wire, battery: SonnenBattery
) -> None:
    await wire.write(EM_OperatingMode="10")
    battery.nightly_reset(0, boot_minutes=0)
    assert (await wire.read("configurations"))["EM_OperatingMode"] == "10"


async def test_the_values_of_a_start(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.nightly_reset(0, boot_minutes=1)
    status, latest = await wire.read("status"), await wire.read("latestdata")
    assert (status["USOC"], status["Pac_total_W"], status["SystemStatus"]) == (
        0,
        0,
        "Init",
    )
    for document in (status, latest):
        assert document["Timestamp"] == "1970-01-01 01:00:00"
    health = latest["ic_status"]
    assert (health["statebms"], health["statecorecontrolmodule"]) == (
        "not ready",
        "config",
    )
    assert health["timestamp"] == "Thu Jan 1 01:00:00 1970"
    assert "true" not in json.dumps(health)
    assert {m["error"] for m in await wire.read("powermeter")} == {-1}
    assert (await wire.read("battery"))["fullchargecapacitywh"] == 0
    assert (await wire.read("configurations"))["EM_USOC"] == "20"
    clock.advance(60)
    assert (await wire.read("status"))["RSOC"] == 72


async def test_a_write_during_the_start_is_kept_and_followed_later(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.nightly_reset(0, boot_minutes=1)
    await wire.force("charge", 1000)
    clock.advance(30)
    assert battery.live.battery_w == -22
    clock.advance(30)
    assert battery.live.battery_w == -1000


@pytest.mark.parametrize("nightly", [True, False])
async def test_every_night(
    wire: Wire, battery: SonnenBattery, clock: ManualClock, nightly: bool
) -> None:
    battery.resets_nightly = nightly
    for day in (4, 5):
        await wire.write(EM_OperatingMode=MANUAL)
        clock.set(datetime(2026, 5, day, 0, 48, 59, tzinfo=UTC))
        assert not await unreachable(wire)
        clock.advance(1)
        assert await unreachable(wire) is nightly
        clock.advance(240)
        mode = (await wire.read("configurations"))["EM_OperatingMode"]
        assert mode == (AUTOMATIC if nightly else MANUAL)


async def test_a_start_without_a_state_of_charge(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    """The inverter runs, and the modules have told nothing yet."""
    battery.change(boot_values="running")
    before = await wire.read("status")
    battery.nightly_reset(0, boot_minutes=1)
    status = await wire.read("status")
    assert (status["USOC"], status["RSOC"], status["Ubat"]) == (0, 0, 0)
    assert status["SystemStatus"] == "Init"
    assert (status["Uac"], status["Consumption_W"]) == (
        before["Uac"],
        before["Consumption_W"],
    )
    assert status["Pac_total_W"] != 0
    assert status.keys() == before.keys()
    clock.advance(60)
    assert (await wire.read("status"))["USOC"] == before["USOC"]


async def test_meters_may_start_without_an_error(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.change(boot_meters_fail=False)
    battery.nightly_reset(0, boot_minutes=1)
    meters = await wire.read("powermeter")
    assert {(m["error"], m["kwh_imported"], m["w_total"]) for m in meters} == {
        (0, 0, 0)
    }


async def test_a_start_may_have_the_status_only(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.change(boot_missing_minutes=2)
    battery.nightly_reset(0, boot_minutes=1)
    paths = ("configurations", "latestdata", "battery", "powermeter", "inverter", "io")
    assert (await wire.get("status")).status == 200
    for path in paths:
        assert (await wire.get(path)).status == 404
    clock.advance(120)
    for path in paths:
        assert (await wire.get(path)).status == 200
