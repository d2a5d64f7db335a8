"""The documents and their variants (sonnen.md section 3)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest

from simulator.clock import ManualClock
from simulator.sonnen import Setting, SonnenBattery, SonnenSimulator

from .sonnen_client import Wire


async def test_status_fits_together(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    for pv, load in ((0, 500), (3000, 800), (800, 3000), (9000, 400)):
        battery.house.override(pv_w=pv, load_w=load)
        status = await wire.read("status")
        assert (
            status["GridFeedIn_W"]
            == status["Production_W"] + status["Pac_total_W"] - status["Consumption_W"]
        )
        assert (status["Production_W"], status["Consumption_W"]) == (pv, load)
        assert status["BatteryCharging"] is (pv > load)
        assert status["BatteryDischarging"] is (pv < load)
        clock.advance(30)
    assert status["FlowProductionGrid"] is status["FlowProductionBattery"] is True
    assert status["FlowGridBattery"] is status["FlowConsumptionGrid"] is False


async def test_the_sign_of_the_battery_and_of_the_grid(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.house.override(pv_w=0, load_w=6000)
    status = await wire.read("status")
    assert (status["Pac_total_W"], status["GridFeedIn_W"]) == (4600, -1400)
    battery.house.override(pv_w=2000, load_w=500)
    status = await wire.read("status")
    assert (status["Pac_total_W"], status["GridFeedIn_W"]) == (-1500, 0)
    battery.house.override(soc=100)
    status = await wire.read("status")
    assert (status["Pac_total_W"], status["GridFeedIn_W"]) == (-22, 1478)


async def test_standing_still_takes_power_and_stores_nothing(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.set_usoc(20)
    before = battery.house.energy_total()
    clock.advance(3600)
    status = await wire.read("status")
    assert (status["Pac_total_W"], status["GridFeedIn_W"]) == (-22, -522)
    used = battery.house.energy_total() - before
    assert (used.charge_wh, used.import_wh) == (pytest.approx(22), pytest.approx(522))
    assert status["USOC"] == 20


@pytest.mark.parametrize(
    ("rsoc", "usoc"), [(7, 0), (3, 0), (72, 70), (100, 100), (53.6, 50)]
)
async def test_the_hidden_reserve(
    wire: Wire, battery: SonnenBattery, rsoc: float, usoc: int
) -> None:
    battery.house.override(soc=rsoc)
    for endpoint in ("status", "latestdata"):
        assert (await wire.read(endpoint))["USOC"] == usoc
        assert (await wire.read(endpoint))["RSOC"] == round(rsoc)


async def test_capacities_and_the_one_that_is_wrong(wire: Wire) -> None:
    modules = await wire.read("battery")
    status, latest = await wire.read("status"), await wire.read("latestdata")
    assert modules["fullchargecapacitywh"] == 10240
    assert modules["fullchargecapacity"] * modules["nominalmoduledcvoltage"] == 10240
    assert modules["remainingcapacity"] == pytest.approx(72, abs=0.01)
    assert modules["usableremainingcapacity"] == pytest.approx(65, abs=0.01)
    assert latest["FullChargeCapacity"] == 10000
    assert status["RemainingCapacity_Wh"] == pytest.approx(2 * 7372.8, rel=0.03)
    assert status["Ubat"] == round(modules["systemdcvoltage"])
    assert modules["minimummoduletemperature"] == -273.15


async def test_a_48_volt_system_is_right_and_knows_less(
    sonnen: SonnenSimulator, session: aiohttp.ClientSession
) -> None:
    eco = Wire(sonnen.batteries[2], session)
    sonnen.batteries[2].house.override(soc=50)
    status, modules = await eco.read("status"), await eco.read("battery")
    assert "RemainingCapacity_Wh" not in status
    assert status["RemainingCapacity_W"] == pytest.approx(5120, rel=0.03)
    assert 45 < modules["systemdcvoltage"] < 60
    missing = {"fullchargecapacitywh", "usableremainingcapacity"}
    assert not modules.keys() & (missing | {"nominalmoduledcvoltage"})
    assert not status.keys() & {"Consumption_Avg", "dischargeNotAllowed"}
    led = (await eco.bits())["Eclipse Led"]
    assert "Brightness" not in led
    assert "Eclipse Status" not in led
    assert led["Solid Blue"] is False
    assert (await eco.bits())["Setpoint Priority"]["Flat"] is False
    assert "EM_Prognosis_Charging" not in await eco.read("configurations")
    assert (await eco.get("io")).status == 404


async def test_times_are_local_and_without_a_zone(
    wire: Wire, battery: SonnenBattery
) -> None:
    latest = await wire.read("latestdata")
    assert (await wire.read("status"))["Timestamp"] == "2026-05-03 13:10:30"
    assert (latest["Timestamp"], latest["UTC_Offet"]) == ("2026-05-03 13:10:30", 2)
    assert latest["ic_status"]["timestamp"] == "Sun May 3 13:10:30 2026"
    battery.clock_error = -3600
    battery.variant.utc_offset = False
    latest = await wire.read("latestdata")
    assert latest["Timestamp"] == "2026-05-03 12:10:30"
    assert "UTC_Offet" not in latest


async def test_meters_count_slowly(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.house.override(pv_w=6000, load_w=3000)
    first = await wire.read("powermeter")
    clock.advance(260)
    assert [m["kwh_imported"] for m in await wire.read("powermeter")] == [
        m["kwh_imported"] for m in first
    ]
    clock.advance(3340)
    production, consumption = await wire.read("powermeter")
    assert (production["direction"], consumption["direction"]) == (
        "production",
        "consumption",
    )
    assert production["kwh_imported"] - first[0]["kwh_imported"] == pytest.approx(
        6, abs=0.6
    )
    assert consumption["kwh_imported"] - first[1]["kwh_imported"] == pytest.approx(
        3, abs=0.35
    )
    assert (production["w_total"], production["error"]) == (6000, 0)


async def test_a_meter_that_cannot_be_read_is_all_zero(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.broken_meters = {"production"}
    production, consumption = await wire.read("powermeter")
    assert (production["error"], consumption["error"]) == (-1, 0)
    values = {k: v for k, v in production.items() if k[:2] in {"kw", "w_", "v_", "a_"}}
    assert set(values.values()) == {0}
    assert consumption["kwh_imported"] > 0


async def test_three_phases_share(
    sonnen: SonnenSimulator, session: aiohttp.ClientSession
) -> None:
    large = Wire(sonnen.batteries[1], session)
    sonnen.batteries[1].house.override(pv_w=0, load_w=3000, soc=50)
    inverter, status = await large.read("inverter"), await large.read("status")
    assert inverter["pac1"] == inverter["pac3"] == pytest.approx(1000)
    assert status["Sac3"] == pytest.approx(1008)
    _, consumption = await large.read("powermeter")
    assert consumption["w_l2"] == pytest.approx(1000)


async def test_io(wire: Wire) -> None:
    io = await wire.read("io")
    assert io["DO_1"] == {"connector": "X24_1", "status": 1, "usage": "DC-CONTACTOR"}
    assert io["DI_1"]["usage"] == ""
    assert "DO_15" not in io


# Variants


async def test_shapes_of_other_firmware(wire: Wire, battery: SonnenBattery) -> None:
    plain: dict[str, Any] = {
        name: await wire.read(name) for name in ("inverter", "powermeter", "battery")
    }
    battery.variant.inverter_shape = "nested"
    battery.variant.meter_shape = "dict"
    battery.variant.string_numbers = {"battery"}
    battery.variant.missing_keys = {"status.Fac"}
    nested = await wire.read("inverter")
    assert nested == {"status": {k: str(v) for k, v in plain["inverter"].items()}}
    assert await wire.read("powermeter") == dict(
        zip(("0", "1"), plain["powermeter"], strict=True)
    )
    assert (await wire.read("battery"))["cyclecount"] == "412.0"
    assert "Fac" not in await wire.read("status")


async def test_configurations_of_other_firmware(
    wire: Wire, battery: SonnenBattery
) -> None:
    battery.settings["EM_CHP_Min_SOC"] = Setting("20")
    del battery.settings["EM_Prognosis_Charging"]
    battery.variant.configuration_types = "native"
    shown = await wire.read("configurations")
    assert shown["EM_USOC"] == 20
    assert shown["EM_ToU_Schedule"] == []
    assert shown["DE_Software"] == "1.25.6"
    assert shown["EM_CHP_Min_SOC"] == 20
    assert "EM_Prognosis_Charging" not in shown
    assert (await wire.put(EM_Prognosis_Charging="1")).status == 403
    assert (await wire.put(EM_CHP_Min_SOC="25")).status == 200


async def test_a_schedule_of_old_firmware_is_shown_and_not_followed(
    wire: Wire, battery: SonnenBattery
) -> None:
    old = '[{"grid":"1","start":"07:00","stop":"08:00","charge":"07:31"}]'
    battery.write_as_app(EM_ToU_Schedule=old, EM_OperatingMode="10")
    assert (await wire.read("configurations/EM_ToU_Schedule")) == {
        "EM_ToU_Schedule": old
    }
    assert battery.live.battery_w == 500


# Health


async def test_normal_health(wire: Wire) -> None:
    health = await wire.bits()
    assert not any(health["DC Shutdown Reason"].values())
    assert [k for k, v in health["Eclipse Led"].items() if v is True] == [
        "Pulsing White"
    ]
    assert health["Eclipse Led"]["Brightness"] == 100
    assert health["Setpoint Priority"]["Energy Manager"] is True
    assert (health["statebms"], health["statecorecontrolmodule"]) == ("ready", "ongrid")


async def test_a_module_fault(wire: Wire, battery: SonnenBattery) -> None:
    battery.change(shutdown_reason="Critical BMS Alarm")
    health = await wire.bits()
    reasons = [k for k, v in health["DC Shutdown Reason"].items() if v]
    assert reasons == ["Critical BMS Alarm"]
    assert health["Eclipse Led"]["Blinking Red"] is True
    assert health["statebms"] == "error"
    assert (await wire.read("battery"))["systemalarm"] == 1
    assert (await wire.read("status"))["Pac_total_W"] == -22
    battery.change(shutdown_reason=None)
    assert (await wire.read("status"))["Pac_total_W"] == 500


async def test_bits_and_lights_by_hand(wire: Wire, battery: SonnenBattery) -> None:
    battery.bits = {
        ("Microgrid Status", "Protect is activated"): True,
        ("New", "x"): True,
    }
    battery.led = ""
    health = await wire.bits()
    assert health["Microgrid Status"]["Protect is activated"] is True
    assert health["New"] == {"x": True}
    assert True not in [
        v for k, v in health["Eclipse Led"].items() if k != "Brightness"
    ]
    battery.led, battery.internet = None, False
    assert (await wire.bits())["Eclipse Led"]["Pulsing Orange"] is True


async def test_since_full(
    wire: Wire, battery: SonnenBattery, clock: ManualClock
) -> None:
    battery.house.override(pv_w=3000, soc=100)
    clock.advance(600)
    assert (await wire.bits())["secondssincefullcharge"] == 0
    battery.house.override(pv_w=0, soc=90)
    clock.advance(1800)
    assert (await wire.bits())["secondssincefullcharge"] == pytest.approx(1800, abs=60)


async def test_frozen(wire: Wire, battery: SonnenBattery, clock: ManualClock) -> None:
    before = await wire.read("status")
    battery.frozen = True
    clock.advance(90)
    battery.house.override(load_w=900)
    assert await wire.read("status") == before
    battery.frozen = False
    after = await wire.read("status")
    assert (after["Consumption_W"], after["Timestamp"]) == (900, "2026-05-03 13:12:00")


def test_the_zone_is_that_of_the_house() -> None:
    clock = ManualClock(datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC))
    sim = SonnenSimulator(clock=clock, batteries=1, time_zone="Australia/Sydney")
    local = sim.batteries[0].local_time()
    assert local.utcoffset() == timedelta(hours=10)
    assert local.hour == 21
