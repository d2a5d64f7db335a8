"""What the battery does with modes, set points, reserve and schedule (section 6)."""

from datetime import UTC, datetime

import pytest

from simulator.clock import ManualClock
from simulator.sonnen import SonnenBattery

from .sonnen_client import AUTOMATIC, MANUAL, TIME_OF_USE, Wire, window

REACTION = 2


@pytest.fixture(autouse=True)
def midnight(clock: ManualClock) -> None:
    """Begin at 01:00 local time, before the wire is used."""
    clock.set(datetime(2026, 5, 3, 23, 0, tzinfo=UTC))


# Set points


@pytest.mark.parametrize(
    ("direction", "battery_w", "grid_w"),
    [("charge", -2000, 2500), ("discharge", 2000, -1500)],
)
async def test_a_set_point_moves_the_battery_after_a_moment(
    wire: Wire,
    battery: SonnenBattery,
    clock: ManualClock,
    direction: str,
    battery_w: float,
    grid_w: float,
) -> None:
    await wire.force(direction, 2000)
    clock.advance(REACTION - 0.5)
    assert battery.live.battery_w == 500
    assert (await wire.read("status"))["OperatingMode"] == AUTOMATIC
    clock.advance(0.5)
    assert (battery.live.battery_w, battery.live.grid_w) == (battery_w, grid_w)
    status = await wire.read("status")
    assert (status["Pac_total_W"], status["GridFeedIn_W"]) == (battery_w, -grid_w)
    assert status["OperatingMode"] == MANUAL
    assert (await wire.read("latestdata"))["SetPoint_W"] == battery_w
    clock.advance(1800)
    assert battery.live.battery_w == battery_w


async def test_manual_without_a_set_point_idles(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    await wire.write(EM_OperatingMode=MANUAL)
    clock.advance(REACTION)
    assert (battery.live.battery_w, battery.live.grid_w) == (-22, 522)


async def test_the_inverter_limits(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    await wire.force("charge", 99_000)
    clock.advance(REACTION)
    assert battery.live.battery_w == -4600
    assert (await wire.read("latestdata"))["SetPoint_W"] == -4600
    assert battery.stored["charge"] == 99_000


async def test_the_last_set_point_governs(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    await wire.force("charge", 2000)
    await wire.post("discharge", 0)
    clock.advance(REACTION)
    assert battery.live.battery_w == -22
    assert battery.set_points.stored == {"charge": 0, "discharge": 0}


async def test_a_leftover_of_the_other_direction_counteracts(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.separate_set_points = True
    await wire.write(EM_OperatingMode=MANUAL)
    await wire.post("discharge", 500)
    await wire.post("charge", 2000)
    clock.advance(REACTION)
    assert battery.live.battery_w == -1500
    assert battery.set_points.stored == {"charge": 2000, "discharge": 500}


@pytest.mark.parametrize("revives", [True, False])
async def test_entering_manual_may_revive_the_last_set_point(
    wire: Wire, battery: SonnenBattery, clock: ManualClock, revives: bool
) -> None:
    battery.revives_set_point = revives
    await wire.force("charge", 2000)
    await wire.write(EM_OperatingMode=AUTOMATIC)
    clock.advance(60)
    assert battery.live.battery_w == 500
    await wire.write(EM_OperatingMode=MANUAL)
    clock.advance(60)
    assert battery.live.battery_w == (-2000 if revives else -22)


async def test_an_automatic_mode_overrides_a_set_point_soon(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    assert (await wire.post("charge", 1000)).status == 201
    clock.advance(REACTION)
    assert battery.live.battery_w == -1000
    clock.advance(battery.overridden_after - 1)
    assert battery.live.battery_w == -1000
    clock.advance(1)
    assert battery.live.battery_w == 500
    clock.advance(60)
    assert battery.live.battery_w == 500


# Reserve


async def test_the_reserve_is_kept_on_the_grid(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.set_usoc(31)
    await wire.write(EM_USOC="30")
    clock.advance(3600)
    assert battery.usoc == pytest.approx(30)
    assert battery.live.battery_w == -22
    assert (await wire.read("status"))["BackupBuffer"] == "30"
    assert (await wire.bits())["Setpoint Priority"]["Min User SOC"] is True
    await wire.force("discharge", 2000)
    clock.advance(600)
    assert battery.usoc == pytest.approx(30)


async def test_without_a_reserve_it_goes_down_to_the_hidden_one(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.set_usoc(2)
    await wire.write(EM_USOC="0")
    clock.advance(7200)
    status = await wire.read("status")
    assert (status["USOC"], status["RSOC"]) == (0, 7)


async def test_a_reserve_above_the_charge_holds(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.set_usoc(50)
    await wire.write(EM_USOC="80")
    clock.advance(1800)
    assert battery.usoc == pytest.approx(50, abs=0.01)
    assert battery.live.battery_w == -22


# Time of use


@pytest.mark.parametrize(
    ("threshold", "load", "pv", "battery_w"),
    [
        (8000, 500, 0, -4600),
        (3000, 500, 0, -2500),
        (3000, 500, 1000, -3500),
        (300, 500, 0, -22),
        (0, 500, 0, -22),
        (0, 500, 2000, -1500),
    ],
)
async def test_a_window_charges_up_to_its_threshold_and_never_discharges(
    wire: Wire,
    battery: SonnenBattery,
    clock: ManualClock,
    threshold: float,
    load: float,
    pv: float,
    battery_w: float,
) -> None:
    battery.house.override(load_w=load, pv_w=pv)
    await wire.schedule(window("02:00", "05:00", threshold))
    await wire.write(EM_OperatingMode=TIME_OF_USE)
    clock.advance(59 * 60)
    assert battery.live.battery_w == load - pv
    clock.advance(2 * 60)
    assert battery.live.battery_w == battery_w
    clock.advance(4 * 3600)
    assert battery.live.battery_w in {load - pv, -22}


async def test_a_schedule_acts_in_its_mode_only(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    await wire.schedule(window("01:00", "05:00", 8000))
    clock.advance(60)
    assert battery.live.battery_w == 500
    await wire.write(EM_OperatingMode=TIME_OF_USE)
    clock.advance(60)
    assert battery.live.battery_w == -4600


async def test_midnight_ends_a_window(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    await wire.schedule(window("23:00", "00:00", 3000))
    await wire.write(EM_OperatingMode=TIME_OF_USE)
    clock.set(datetime(2026, 5, 4, 21, 59, tzinfo=UTC))
    assert battery.live.battery_w == -2500
    clock.advance(60)
    assert battery.live.battery_w == 500


@pytest.mark.parametrize("mode", ["4", "6"])
async def test_service_modes_stand_still(
    battery: SonnenBattery, clock: ManualClock, mode: str
) -> None:
    battery.write_as_app(EM_OperatingMode=mode)
    clock.advance(60)
    assert battery.live.battery_w == -22


# Battery care


async def test_battery_care_charges_and_blocks(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.change(battery_care=True)
    status = await wire.read("status")
    assert (status["Pac_total_W"], status["dischargeNotAllowed"]) == (-1500, True)
    health = await wire.bits()
    assert health["Setpoint Priority"]["Full Charge Request"] is True
    assert health["MISC Status Bits"]["Discharge not allowed"] is True
    clock.advance(4 * 3600)
    assert (await wire.read("status"))["RSOC"] == 100


# Without grid


async def test_off_grid_the_battery_makes_the_grid(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.set_usoc(15)
    await wire.force("charge", 2000)
    clock.advance(60)
    battery.house.override(grid=False)
    status, inverter = await wire.read("status"), await wire.read("inverter")
    assert status["SystemStatus"] == "OffGrid"
    assert (status["Pac_total_W"], status["GridFeedIn_W"]) == (500, 0)
    assert (inverter["pac_total"], inverter["pac_microgrid"]) == (0, 500)
    health = await wire.bits()
    assert health["statecorecontrolmodule"] == "offgrid"
    assert health["Microgrid Status"]["Microgrid Enabled"] is True
    assert health["Eclipse Led"]["Pulsing Green"] is True
    # The reserve is for now
    battery.set_usoc(10)
    clock.advance(600)
    assert battery.usoc < 10
    battery.house.override(grid=True)
    assert (await wire.read("status"))["SystemStatus"] == "OnGrid"
    assert battery.live.battery_w == -2000


async def test_off_grid_until_it_is_empty(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.set_usoc(1)
    battery.house.override(grid=False, load_w=2000)
    clock.advance(3600)
    assert (await wire.read("status"))["Pac_total_W"] == 0
    assert (await wire.bits())["Microgrid Status"]["Min System SOC"] is True
