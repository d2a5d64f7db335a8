"""What written parameters do to battery, sun and grid (reference sections 6.2 to 6.5)."""

from typing import Any

import pytest

from simulator.sungrow import Plant

from .sungrow_client import Gateway
from .sungrow_desk import SUCCESS, Desk


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway)


def battery_w(plant: Plant) -> float:
    return plant.house.live().battery_w


async def status(desk: Desk, point: int = 13146) -> str:
    desk.plant.upload()
    return str((await desk.points(desk.hybrid, point))[f"p{point}"])


@pytest.mark.parametrize(
    ("command", "expected"), [("170", -2500), ("187", 2500), ("204", 0)]
)
async def test_forced_mode_obeys_command_and_power(
    desk: Desk, command: str, expected: float
) -> None:
    await desk.write(desk.hybrid, p10003="2", p10004=command, p10005="2500")
    assert battery_w(desk.plant) == pytest.approx(expected, abs=1)
    assert await status(desk) == "2048"
    await desk.write(desk.hybrid, p10003="0", p10004="204")
    assert battery_w(desk.plant) == pytest.approx(500, abs=1)
    assert await status(desk) == "64"


async def test_a_command_in_self_consumption_is_stored_and_does_nothing(
    desk: Desk,
) -> None:
    await desk.write(desk.hybrid, p10004="170", p10005="2500")
    rows = await desk.read(desk.hybrid, 10004)
    assert rows[10004]["return_value"] == "170"
    assert battery_w(desk.plant) == pytest.approx(500, abs=1)


@pytest.mark.parametrize(
    ("switch", "value", "mode"),
    [("mode_sticks", True, 0), ("executes", False, 0), ("follows", False, 2)],
)
async def test_success_of_a_task_proves_nothing(
    desk: Desk, switch: str, value: Any, mode: int
) -> None:
    setattr(desk.hybrid.switches, switch, value)
    rows = await desk.write(desk.hybrid, p10003="2", p10004="170", p10005="2500")
    assert set(rows.values()) == {SUCCESS}
    read = await desk.read(desk.hybrid, 10003)
    assert read[10003]["return_value"] == str(mode)
    assert battery_w(desk.plant) == pytest.approx(500, abs=1)
    assert await status(desk) == "64"


async def test_ninety_five_is_nine_and_a_half_percent(desk: Desk) -> None:
    await desk.write(desk.hybrid, p10001="95")
    assert (await desk.read(desk.hybrid, 10001))[10001]["return_value"] == "9.5"
    await desk.write(desk.hybrid, p10001="950")
    assert (await desk.read(desk.hybrid, 10001))[10001]["return_value"] == "95"


async def test_steps_can_be_silent(desk: Desk) -> None:
    desk.hybrid.switches.set_precision = False
    row = (await desk.read(desk.hybrid, 10001))[10001]
    assert (row["set_precision"], row["return_value"]) == ("", "100")


@pytest.mark.parametrize(
    ("raw", "display", "written", "shown", "precision"),
    [
        ("W", "W", "2500", "2500", "1"),
        ("W", "kW", "2500", "2.5", "0.001"),
        ("0.01kW", "kW", "250", "2.5", "0.01"),
        ("0.01kW", "W", "250", "2500", "10"),
    ],
)
async def test_power_is_counted_in_watts_or_hundredths_of_kilowatts(
    desk: Desk, raw: Any, display: Any, written: str, shown: str, precision: str
) -> None:
    switches = desk.hybrid.switches
    switches.power_raw, switches.power_display = raw, display
    await desk.write(desk.hybrid, p10003="2", p10004="170", p10005=written)
    row = (await desk.read(desk.hybrid, 10005))[10005]
    assert (row["return_value"], row["unit"], row["set_precision"]) == (
        shown,
        display,
        precision,
    )
    assert battery_w(desk.plant) == pytest.approx(-2500, abs=1)


@pytest.mark.parametrize(
    ("claim", "shown"), [("none", ""), ("0.01", "0.01"), ("1", "1")]
)
async def test_the_precision_of_powers_can_be_a_lie(
    desk: Desk, claim: Any, shown: str
) -> None:
    desk.hybrid.switches.power_precision = claim
    assert (await desk.read(desk.hybrid, 10005))[10005]["set_precision"] == shown


async def test_an_unknown_enumeration_value_is_silently_refused(desk: Desk) -> None:
    assert await desk.write(desk.hybrid, p10004="999") == {10004: SUCCESS}
    assert desk.hybrid.parameters.stored[10004] == 204


async def test_values_above_the_range_can_be_clamped(desk: Desk) -> None:
    desk.hybrid.switches.range = "clamp"
    await desk.write(desk.hybrid, p10002="900")
    assert desk.hybrid.parameters.stored[10002] == 500


async def test_limits_of_charge_bound_the_battery(desk: Desk) -> None:
    await desk.write(desk.hybrid, p10002="500")
    assert battery_w(desk.plant) == 0
    desk.plant.house.override(soc=90)
    await desk.write(desk.hybrid, p10003="2", p10004="170", p10005="5000", p10001="900")
    desk.clock.advance(120)
    assert battery_w(desk.plant) == 0
    desk.plant.house.override(soc=80)
    desk.clock.advance(60)
    assert battery_w(desk.plant) == pytest.approx(-5000, abs=1)


async def test_power_limits_bound_charging_and_discharging(desk: Desk) -> None:
    await desk.write(desk.hybrid, p10092="30", p10091="100")
    assert battery_w(desk.plant) == pytest.approx(300, abs=1)
    desk.plant.house.override(pv_w=5000)
    assert battery_w(desk.plant) == pytest.approx(-1000, abs=1)


@pytest.mark.parametrize(
    ("hours", "days", "charges"),
    [
        (("13", "14"), "1", True),
        (("14", "15"), "1", False),
        (("24", "24"), "1", False),
        # The third of May is a Sunday
        (("13", "14"), "0", False),
        (("23", "14"), "1", True),
    ],
)
async def test_a_window_of_forced_charging_charges_from_the_grid(
    desk: Desk, hours: tuple[str, str], days: str, charges: bool
) -> None:
    await desk.write(
        desk.hybrid,
        p10065="170",
        p10066=days,
        p10067=hours[0],
        p10069=hours[1],
        p10071="80",
    )
    desk.clock.advance(60)
    assert (battery_w(desk.plant) < -3000) is charges
    desk.plant.house.override(soc=85)
    desk.clock.advance(60)
    assert (battery_w(desk.plant) == 0) is charges


async def test_a_dispatch_without_heartbeat_falls_back(desk: Desk) -> None:
    device = desk.hybrid
    await desk.write(device, p10017="300")
    await desk.write(device, p10003="3", p10004="170", p10005="2000")
    assert await status(desk) == "16384"
    desk.clock.advance(250)
    await desk.write(device, p10017="300")
    desk.clock.advance(250)
    assert battery_w(desk.plant) == pytest.approx(-2000, abs=1)
    assert device.fallbacks == 0
    desk.clock.advance(60)
    assert battery_w(desk.plant) == pytest.approx(500, abs=1)
    assert (device.fallbacks, len(device.heartbeats)) == (1, 2)
    assert (await desk.read(device, 10003))[10003]["return_value"] == "0"


@pytest.mark.parametrize("needs", [False, True])
async def test_forced_mode_falls_back_only_if_switched(desk: Desk, needs: bool) -> None:
    desk.hybrid.switches.forced_needs_heartbeat = needs
    await desk.write(desk.hybrid, p10003="2", p10004="170", p10005="2000")
    desk.clock.advance(3600)
    assert (battery_w(desk.plant) > 0) is needs


async def test_other_writes_are_no_heartbeat(desk: Desk) -> None:
    await desk.write(desk.hybrid, p10003="4", p10004="170", p10005="2000")
    desk.clock.advance(30)
    await desk.write(desk.hybrid, p10002="100")
    desk.clock.advance(30)
    assert desk.hybrid.fallbacks == 1


async def test_export_is_limited_by_watts_or_ratio(desk: Desk) -> None:
    plant = desk.plant
    plant.house.override(pv_w=6000, soc=100)
    await desk.write(desk.hybrid, p10013="2000")
    assert plant.house.live().grid_w == pytest.approx(-5500, abs=1)
    await desk.write(desk.hybrid, p10012="170")
    assert plant.house.live().grid_w == pytest.approx(-2000, abs=1)
    await desk.write(desk.hybrid, p10014="50")
    assert plant.house.live().grid_w == pytest.approx(-500, abs=1)


async def test_the_active_power_limit_curtails(desk: Desk) -> None:
    desk.plant.house.override(pv_w=6000, soc=100)
    await desk.write(desk.hybrid, p10007="170", p10008="300")
    assert desk.plant.house.live().pv_w == pytest.approx(3000, abs=1)
    assert await status(desk) == "128"


async def test_shutdown_boot_and_reboot(desk: Desk) -> None:
    device, house = desk.hybrid, desk.plant.house
    house.override(pv_w=3000)
    await desk.write(device, p10011="206")
    assert house.live().pv_w == 0
    assert await status(desk) == "1"
    await desk.write(device, p10011="207")
    assert house.live().pv_w == 3000
    await desk.write(device, p10011="174")
    assert (await desk.submit(device, {10001: ""}, kind=2))["code"] == "7"
    desk.clock.advance(90)
    assert (await desk.read(device, 10011))[10011]["return_value"] == "207"


async def test_off_grid_is_a_state_of_its_own(desk: Desk) -> None:
    desk.plant.house.override(grid=False)
    assert await status(desk) == "4096"


@pytest.mark.parametrize("plants", [("string",)])
async def test_a_battery_command_stops_an_inverter_without_battery(desk: Desk) -> None:
    desk.plant.house.override(pv_w=4000)
    await desk.write(desk.hybrid, p10003="2", p10004="170", p10005="2000")
    assert desk.plant.house.live().pv_w == 0
    assert await status(desk, 29) == "33280"
    await desk.write(desk.hybrid, p10003="0", p10004="204")
    assert desk.plant.house.live().pv_w == 4000


@pytest.mark.parametrize("plants", [("string",)])
async def test_a_logger_owns_the_export_limit(desk: Desk) -> None:
    plant, inverter = desk.plant, desk.hybrid
    (logger,) = plant.of(9)
    plant.house.override(pv_w=6000)
    await desk.write(inverter, p10012="170", p10014="100")
    assert plant.house.live().grid_w == pytest.approx(-1000, abs=1)
    desk.clock.advance(60)
    assert plant.house.live().grid_w == pytest.approx(-5500, abs=1)
    assert (await desk.read(inverter, 10012))[10012]["return_value"] == "85"
    row = (await desk.read(logger, 10012))[10012]
    assert (row["return_value"], row["set_val_name_val"]) == ("0", "1|0")
    await desk.write(logger, p10012="1", p10014="200")
    assert plant.house.live().grid_w == pytest.approx(-2000, abs=1)
    refused = await desk.submit(logger, {10001: "900"})
    assert refused["code"] == "6-1"
    logger.switches.negative = False
    assert (await desk.submit(logger, {10014: "-100"}))["code"] == "12"


@pytest.mark.parametrize("plants", [("storage",)])
async def test_an_ems_dispatches_a_large_storage(desk: Desk) -> None:
    (ems,) = desk.plant.of(26)
    await desk.write(ems, p10086="5", p10082="187", p10083="30000")
    assert battery_w(desk.plant) == pytest.approx(30_000, abs=1)
    desk.clock.advance(3600)
    assert battery_w(desk.plant) == pytest.approx(30_000, abs=1)
    await desk.write(ems, p10086="4", p10082="170", p10083="20000")
    assert battery_w(desk.plant) == pytest.approx(-20_000, abs=1)
    desk.clock.advance(70)
    assert ems.fallbacks == 1
    assert battery_w(desk.plant) > 0


async def test_the_app_writes_without_a_task(desk: Desk) -> None:
    desk.hybrid.write_as_app(p10002=600)
    assert battery_w(desk.plant) == 0
    assert desk.hybrid.writes == []
    assert (await desk.read(desk.hybrid, 10002))[10002]["return_value"] == "60"
