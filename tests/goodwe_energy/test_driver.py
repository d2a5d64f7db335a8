"""Answers of SEMS+ become readings (reference sections 3.1 to 3.14)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.goodwe_energy import driver
from custom_components.goodwe_energy._vendor.core.client.errors import BadDataError
from custom_components.goodwe_energy.readings import DeviceEntry, PlantEntry
from custom_components.goodwe_energy.tables import TABLES, Cls
from custom_components.goodwe_energy.zones import async_zone

from . import wire

BRISBANE = ZoneInfo("Australia/Brisbane")
NOW = datetime(2026, 10, 12, 1, 5, tzinfo=UTC)


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


def listed(**changes: Any) -> PlantEntry:
    """Return the station of its list row with changes."""
    (plant,) = driver.plants([{**wire.STATIONS[0], **changes}], NOW).plants.values()
    return plant


def informed(**changes: Any) -> PlantEntry:
    """Return the station with its information, changed."""
    raw = {**wire.INFO, **changes}
    raw = {key: value for key, value in raw.items() if value is not ...}
    return driver.info(raw, NOW, listed())


def device(cls: Cls) -> DeviceEntry:
    """Return a device of a class."""
    return DeviceEntry(serial="S", type="T", cls=cls, name="N")


def flow(entry: PlantEntry | None = None, **changes: Any) -> dict[str, Any]:
    """Return the powers of the flow with changes."""
    raw = {**wire.FLOW, **changes}
    return dict(driver.flow(raw, NOW, BRISBANE, entry).values)


@pytest.mark.parametrize("name", ["id", "stationId", "plantId", "powerStationId"])
def test_a_station_has_its_id_by_any_name(name: str) -> None:
    """Generations of the cloud call it otherwise (3.1)."""
    assert list(driver.plants({"dataList": [{name: 7}]}, NOW).plants) == ["7"]


def test_a_station_is_its_row_and_its_information() -> None:
    """The row has the counters, the information what controls and history need."""
    plant = informed()
    assert (plant.id, plant.name, plant.status) == (
        wire.STATION,
        "Hillcrest Solar",
        "running",
    )
    assert plant.listed == {
        "solar_energy_total": 18342.7,
        "battery_charge_total": 5120.3,
        "battery_discharge_total": 4698.9,
    }
    assert plant.created == datetime(2024, 5, 2, 9, 17, 41, 690000)
    assert (plant.may_write, plant.may_read_settings) == (True, True)
    assert (plant.has_battery, plant.on_grid) == (True, True)
    assert plant.capacity_kwh == 16.0
    assert plant.informed
    assert not listed().informed


def test_an_information_that_says_nothing_takes_nothing_away() -> None:
    """Success without data happens (section 10.2)."""
    known = informed()
    assert driver.info({}, NOW, known) == known


@pytest.mark.parametrize(
    ("changes", "has_battery"),
    [
        ({"batteryCapacity": 0.0, "gridStatus": ..., "chartMap": ...}, False),
        ({"batteryCapacity": 0.0, "gridStatus": "0", "chartMap": ...}, True),
        ({"batteryCapacity": 0.0, "gridStatus": ...}, True),
        ({"batteryCapacity": ..., "gridStatus": ..., "chartMap": ...}, None),
        (
            {"gridStatus": ..., "batteryCapacity": "--"}
            | {"chartMap": {"energy_flow": "pSystem,pConsum,pGrid"}},
            False,
        ),
    ],
)
def test_whether_there_is_a_battery(
    changes: dict[str, Any], has_battery: bool | None
) -> None:
    """A typed capacity, the grid's state or the flow's nodes tell it."""
    assert informed(**changes).has_battery is has_battery


async def test_the_zone_is_the_stations_own() -> None:
    """Its name is better than its distance, that better than Home Assistant's zone."""
    home = ZoneInfo("Europe/Berlin")
    assert await async_zone(informed(), home, NOW) is not home
    nameless = await async_zone(listed(), home, NOW)
    assert nameless.utcoffset(NOW) == timedelta(hours=10)
    assert await async_zone(listed(timeZone=None), home, NOW) is home
    assert await async_zone(informed(zoneId="No/Where"), home, NOW) is not home


def test_a_flow_is_in_watts_with_our_signs() -> None:
    """The example of section 3.3."""
    assert flow(informed()) == {
        "pv_power": 4215,
        "ac_power": 2575,
        "load_power": 1370,
        "grid_power": -1205,
        "grid_import_power": 0,
        "grid_export_power": 1205,
        "battery_power": -1640,
        "battery_charge_power": 1640,
        "battery_discharge_power": 0,
        "battery_soc": 63,
        "last_refresh": datetime(2026, 10, 12, 1, 4, tzinfo=UTC),
    }


@pytest.mark.parametrize(
    "wrap",
    [
        lambda raw: raw,
        lambda raw: {"title": "t", "message": json.dumps(raw)},
        lambda raw: {"msg": json.dumps(raw)},
        lambda raw: {"msg": raw},
    ],
)
def test_a_push_is_a_flow(wrap: Any) -> None:
    """Whatever it is wrapped in (section 5)."""
    live = driver.flow(wrap(wire.PUSH), NOW, BRISBANE, informed())
    assert live.recorded_at == datetime(2026, 10, 12, 1, 4, 5, tzinfo=UTC)
    assert (live.get("pv_power"), live.get("grid_power")) == (4231, -1219)


def test_what_an_inverter_gives_is_the_suns_only_without_a_battery() -> None:
    """Else a discharge at night would be solar power (section 10.5)."""
    string = informed(batteryCapacity=0, gridStatus=..., chartMap=...)
    assert flow(string, pSystem=None)["pv_power"] == 2575
    assert "pv_power" not in flow(informed(), pSystem=None)
    assert "pv_power" not in flow(None, pSystem=None)


def test_a_station_without_a_battery_has_none_of_its_values() -> None:
    """Also where the cloud sends zeros for it."""
    string = informed(batteryCapacity=0, gridStatus=..., chartMap=...)
    assert not any(key.startswith("battery") for key in flow(string, pBat=0, soc=0))


def test_other_powers_are_those_that_the_station_lists() -> None:
    """A zero for a heat pump that nobody has makes no sensor."""
    nodes = {"energy_flow": "pSystem, pEvChar"}
    found = flow(informed(chartMap=nodes), pEvChar="7.4", pHeatPump=0)
    assert found["ev_charger_power"] == 7400
    assert "heat_pump_power" not in found
    assert flow(None, pDiesel=1)["generator_power"] == 1000


def test_a_flow_at_night_may_be_empty() -> None:
    """Success that says nothing is no zero and no error (3.3)."""
    live = driver.flow({}, NOW, BRISBANE, informed())
    assert (live.empty, live.values, live.recorded_at) == (True, {}, None)
    assert live.observed_at == NOW


def test_a_clock_that_is_ahead_is_no_future() -> None:
    """The station's own time is never after that of its answer."""
    live = driver.flow({**wire.FLOW, "refreshTime": "2026-10-12T23:00:00"}, NOW, UTC)
    assert live.observed_at == NOW


def test_devices_are_what_all_lists_say_of_them() -> None:
    """Status, models and battery systems come from three answers (3.4, 3.5, 3.9)."""
    found = driver.devices(wire.DEVICES, NOW).devices
    assert set(found) == {wire.INVERTER, wire.METER, wire.BATTERY, wire.DONGLE}
    inverter = found[wire.INVERTER]
    assert (inverter.cls, inverter.model, inverter.manufacturer) == (
        "inverter",
        "GW10K-ET",
        "GoodWe",
    )
    assert (inverter.status, inverter.storage, inverter.asleep) == (
        "running",
        True,
        False,
    )
    battery = found[wire.BATTERY]
    assert (battery.parent, battery.bat_index, battery.battery_name) == (
        wire.INVERTER,
        "1",
        "mppt1_battery",
    )
    assert battery.status == "discharging"
    assert found[wire.METER].parent == wire.INVERTER
    dongle = found[wire.DONGLE]
    assert dongle.name == "Dongle"  # its own is Chinese
    assert dongle.values == {"communication_mode": "LAN", "signal_strength": 0}
    assert not dongle.measured


def test_one_of_the_lists_of_devices_is_enough() -> None:
    """All but login and device list are optional (section 10.3)."""
    page = driver.devices({"page": wire.DEVICES["page"]}, NOW).devices
    assert set(page) == {wire.INVERTER, wire.DONGLE}
    with pytest.raises(BadDataError):
        driver.devices({"related": wire.DEVICES["related"]}, NOW)


def test_an_inverter_with_batteries_is_a_storage_one() -> None:
    """Also where its own row does not say so."""
    document = {**wire.DEVICES, "status": {"deviceDetailList": []}}
    assert driver.devices(document, NOW).devices[wire.INVERTER].storage


def test_chargers_come_from_their_own_list() -> None:
    """Whose rows may not say what they are (3.5)."""
    charger = {"sn": "EV1", "name": "Garage", "productModel": "GW11K-HCA-20"}
    document = {"page": [], "chargers": [{**charger, "deviceType": None}]}
    found = driver.devices(document, NOW).devices["EV1"]
    assert (found.cls, found.model, found.measured) == (
        "charger",
        "GW11K-HCA-20",
        False,
    )


@pytest.mark.parametrize(
    ("status", "name", "asleep", "online"),
    [
        (0, "offline", True, False),
        ("-1", "disconnected", True, False),
        (3, "waiting", True, True),
        (5, "running", False, True),
        (4294967295, None, False, None),
    ],
)
def test_status_of_a_device(
    status: Any, name: str | None, asleep: bool, online: bool | None
) -> None:
    """An unknown code is unknown (3.13)."""
    row = {"sn": "S", "deviceType": "INVERTER", "status": status}
    found = driver.devices({"page": [row]}, NOW).devices["S"]
    assert (found.status, found.asleep, found.online) == (name, asleep, online)


def test_telemetry_is_by_key_in_our_units() -> None:
    """What is listed without a value, or with all bits set, is missing (10.8)."""
    live = driver.telemetry(wire.TELEMETRY, NOW, device("inverter"))
    assert live.values == {
        "power": 2575,
        "dc_power": 4215,
        "reactive_power": 214,
        "temperature": 41.2,
        "operating_hours": 8123,
        "ac_voltage_a": 238.4,
        "ac_current_a": 3.7,
        "frequency": 50.01,
        "backup_power": 180,
        "pv1_power": 2301,
        "pv1_voltage": 512.3,
        "pv12_power": 500,
    }


def test_a_meter_exports_with_plus_and_we_import_with_plus() -> None:
    """The total counts, where it is there (3.6)."""
    raw = wire.factors(totalPac="2.204", pAc="3.437", PHASE___C__pAc="-0.7")
    live = driver.telemetry(raw, NOW, device("meter"))
    assert live.values == {"power": -2204, "power_c": 700}
    alone = driver.telemetry(wire.factors(pAc="3.4"), NOW, device("meter"))
    assert alone.values == {"power": -3400}


def test_a_battery_has_the_temperature_of_the_system_or_its_hottest_cell() -> None:
    """A rack has no other; cell voltages are in mV."""
    raw = wire.factors(tempMaxCell="31", vMaxCell="3342", pBat="-1.64", soc="536")
    live = driver.telemetry(raw, NOW, device("battery"))
    assert live.values == {
        "temperature": 31,
        "max_cell_temperature": 31,
        "max_cell_voltage": 3342,
        "power": -1640,
    }


@pytest.mark.parametrize(
    ("unit", "watts"), [("kW", 2000), ("W", 2), (None, 2000), ("功率", 2000)]
)
def test_a_unit_of_the_wire_counts(unit: str | None, watts: float) -> None:
    """One that is not known is the usual one."""
    raw = [{"code": "pAc", "data": "2", "unit": unit}]
    assert driver.telemetry(raw, NOW, device("inverter")).get("power") == watts


def test_counters_are_only_what_counts() -> None:
    """Present powers in the same answer are older than the telemetry's (3.7)."""
    live = driver.counters(wire.COUNTERS, NOW, device("inverter"))
    assert live.values == {
        "pv_energy_today": 24.6,
        "pv_energy_total": 18342.7,
        "battery_charge_total": 5120.3,
        "battery_discharge_total": 4698.9,
        "rated_power": 10000,
    }


def test_information_is_a_flat_list() -> None:
    """Versions are texts (section 10.13)."""
    raw = [
        {"code": "modelType", "data": "GW10K-ET"},
        {"code": "safetyVersion", "data": 12},
    ]
    live = driver.information(raw, NOW, device("inverter"))
    assert (live.model, live.values) == ("GW10K-ET", {"firmware": "12"})


def test_statistics_are_their_series() -> None:
    """Summaries can differ, and a series that is missing was not reported (3.10)."""
    energy = driver.statistics(wire.STATISTICS, NOW)
    assert energy.series == {
        "solar_energy": {date(2026, 10, 12): 24.6},
        "grid_import": {date(2026, 10, 12): 3.2},
    }
    assert energy.rates == {
        "self_sufficiency_today": 81.5,
        "self_use_rate_today": 63.82,
    }
    assert energy.of("grid_export", date(2026, 10, 12)) is None


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("2026", date(2026, 1, 1)),
        (2026, date(2026, 1, 1)),
        ("2026-10", date(2026, 10, 1)),
        ("2026-3", date(2026, 3, 1)),
        ("2026-10-12 00:00:00", date(2026, 10, 12)),
        ("2026-13", None),
        ("", None),
    ],
)
def test_a_period_is_known_by_its_first_day(name: Any, first: date | None) -> None:
    """Years, months and days are named by their beginning."""
    assert driver.period(name) == first


def test_incomes_have_a_currency() -> None:
    """Energies in the same answer are left to the statistics (3.11)."""
    income = driver.income(wire.INCOME, NOW)
    assert income.values == {"income_today": 4.31, "feed_in_income_today": 0.62}
    assert income.currency == "AUD"


def test_alarms_are_counted_and_listed() -> None:
    """Counts are texts, times are milliseconds (3.12)."""
    counts = driver.alarm_counts({"total": "16", "happened": "1"}, NOW)
    over = {**wire.ALARM, "warningid": "w2", "status": "1", "happentime": "1"}
    found = driver.alarms([over, wire.ALARM, wire.ALARM], NOW, counts)
    assert (found.total, found.active_count) == (16, 1)
    assert found.alarms is not None
    newest, oldest = found.alarms
    assert (newest.id, newest.code, newest.name, newest.level, newest.active) == (
        "w1",
        "E12",
        "Utility Loss",
        "fault",
        True,
    )
    assert newest.started == datetime.fromtimestamp(1_790_000_000, UTC)
    assert oldest.active is False
    chinese = driver.alarms([{**wire.ALARM, "warningNameEn": "市电丢失"}], NOW).alarms
    assert chinese
    assert chinese[0].name is None


def test_a_charger_that_charges() -> None:
    """What it draws is of its session, not of its detail (3.14)."""
    live = driver.charger(wire.CHARGER, NOW, device("charger"), BRISBANE)
    assert live.values == {
        "status": "charging",
        "plug": "plugged",
        "mode": "fast",
        "set_power": 7000,
        "charging_power": 6900,
        "session_energy": 4.8,
        "session_duration": 42,
    }
    assert live.charging is True
    assert live.current
    assert not live.current.over
    assert live.sessions
    assert live.sessions[0].id == "S1"
    assert live.sessions[0].ended == datetime(2026, 10, 11, 10, tzinfo=UTC)


def test_a_charger_that_does_not_charge_draws_nothing() -> None:
    """What it drew last is told long after."""
    session = {**wire.CHARGER["session"], "workStu": "8"}
    live = driver.charger({"session": session}, NOW, device("charger"), UTC)
    assert (live.charging, live.get("charging_power"), live.sessions) == (
        False,
        0,
        None,
    )
    nothing = driver.charger({}, NOW, device("charger"), UTC)
    assert (nothing.charging, nothing.values, nothing.current) == (None, {}, None)


@pytest.mark.parametrize(
    ("session", "charging"),
    [
        ({}, False),
        ({"pevChar": 7.2, "currentChargeQuantity": 3}, None),
        ({"workStu": "0", "pevChar": 7.2}, False),
    ],
)
def test_only_a_session_that_goes_on_draws_power(
    session: dict[str, Any], charging: bool | None
) -> None:
    """Once the session was read, also where there is none (3.14)."""
    live = driver.charger({"session": session}, NOW, device("charger"), UTC)
    assert (live.charging, live.get("charging_power")) == (charging, 0)
    assert (live.current is None) is (session == {})


def test_rights_and_states_that_an_answer_lacks() -> None:
    """A right that is not told stays; a state that makes no sense is none (3.13)."""
    row = replace(
        driver.plants(wire.STATIONS, NOW).plants[wire.STATION],
        permissions=frozenset({"A"}),
    )
    assert row.status == "running"
    for told, permissions in ((None, {"A"}), ([], set()), (["B"], {"B"})):
        found = driver.info({**wire.INFO, "permissions": told}, NOW, row)
        assert found.permissions == permissions
    for status, slug in (
        (-1, None),
        ("4294967295", None),
        (99, None),
        ("2", "fault"),
        ("--", "running"),
        (None, "running"),
    ):
        assert driver.info({**wire.INFO, "status": status}, NOW, row).status == slug


def test_no_class_has_a_key_twice() -> None:
    """Else one value would hide another."""
    for table in TABLES.values():
        keys = [one.key for one in table]
        assert len(keys) == len(set(keys))


def test_a_session_has_the_same_name_however_late_its_charger_is() -> None:
    """Its clock can be ahead of ours; another name would count it once more."""
    session = {
        "workStu": 6,
        "chargeStartTime": "2026-05-12 13:00:00",
        "currentChargeQuantity": 4.0,
    }
    starts = set()
    for minutes in (0, 1, 90):
        at = datetime(2026, 5, 12, 12, tzinfo=UTC) + timedelta(minutes=minutes)
        live = driver.charger({"session": session}, at, device("charger"), UTC)
        assert live.current is not None
        starts.add(live.current.started)
    assert len(starts) == 1
