"""The recorded examples become readings in W, kWh and the bundle's signs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.growatt_energy import driver
from custom_components.growatt_energy._vendor.core.client.errors import BadDataError
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.readings import Reading

from .recorded import (
    INVERTER,
    LATER,
    MIN,
    NOAH,
    NOW,
    SPA,
    SPH,
    STORAGE,
    classic_mix,
    maybe,
    read,
    recorded,
)


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Home Assistant is not needed here."""


def tlx(**changes: Any) -> Reading:
    """Decode the MIN record with changes."""
    return read(Family.MIN, MIN, recorded("tlx_last_data") | changes)


def picked(reading: Reading, *keys: str) -> list[Any]:
    """Return some values."""
    return [reading.get(key) for key in keys]


FLOWS = ("solar_power", "grid_power", "battery_power", "load_power", "battery_soc")


def test_min_discharging_and_exporting() -> None:
    """Powers are split by direction on the wire and signed here."""
    reading = tlx()
    assert picked(reading, *FLOWS) == [4120.6, -4012.9, 1149.0, 1217.4, 64.0]
    assert reading.observed_at == datetime(2026, 2, 22, 1, 3, 40, tzinfo=UTC)
    assert reading.batteries == (1,)
    assert reading.has_meter is True
    assert reading.get("status") == "Normal"


def test_min_energies() -> None:
    """What is made by the sun is not what leaves the inverter (Q30)."""
    reading = tlx()
    keys = ("solar", "output", "import", "export", "load")
    assert picked(reading, *(f"{key}_energy_total" for key in keys)) == [
        5282.1,
        5120.4,
        1844.6,
        1310.7,
        5333.5,
    ]
    assert picked(
        reading, "battery_charge_energy_total", "battery_discharge_energy_total"
    ) == [1702.9, 1588.1]
    assert reading.get("battery_grid_charge_energy_total") == 210.6


def test_solar_today_is_summed_where_nobody_tells_it() -> None:
    """``epvToday`` is normally absent; where it is there it counts."""
    assert tlx().get("solar_energy_today") == 14.5
    assert tlx(epvToday=15.1).get("solar_energy_today") == 15.1
    assert tlx(epvtoday="15.2").get("solar_energy_today") == 15.2


def test_a_phantom_battery_is_none() -> None:
    """The second BDC of a single-battery model has values of nothing (Q10)."""
    reading = tlx(bdc2ChargePower=77, bdc2FaultType=5)
    assert not [key for key in reading.values if key.startswith("battery_2_")]
    assert reading.get("battery_charge_power") == 0.0
    assert reading.get("battery_power") == 1149.0


def test_two_batteries_are_two() -> None:
    """A second one with a voltage counts in the sums."""
    reading = tlx(bdc2Vbat=702.5, bdc2Soc=60, bdc2DischargePower=851)
    assert reading.batteries == (1, 2)
    assert reading.get("battery_2_soc") == 60.0
    assert reading.get("battery_power") == 2000.0


def test_a_battery_that_rests_is_there() -> None:
    """Without a voltage its status with a charge, or its past, tells of it."""
    resting = {"bdc1Vbat": 0, "bdc1Status": 0, "bmsSoc": 0, "bdc1Soc": 0}
    assert tlx(**resting).batteries == (1,)  # echargeTotal
    assert tlx(bdc2Status=1, bdc2Soc=30).batteries == (1, 2)


def test_soc_is_that_of_the_bms_else_of_the_converter() -> None:
    """A zero of the BMS means that it says nothing; both zero means empty."""
    assert tlx(bmsSoc=0, bdc1Soc=41).get("battery_soc") == 41.0
    assert tlx(bmsSoc=0, bdc1Soc=0).get("battery_soc") == 0.0


def test_without_a_battery_nothing_is_said_of_one() -> None:
    """A NEO has zeros for all that it has not."""
    record = recorded("tlx_last_data")
    zeros = {
        key: 0
        for key in record
        if key.startswith(("bdc", "bms", "echarge", "edischarge", "eacCharge"))
    }
    reading = tlx(**zeros)
    assert reading.has_battery is False
    assert not [key for key in reading.values if key.startswith("battery_")]


def test_without_a_meter_the_grid_is_unknown() -> None:
    """All grid counters stay zero while energy is made (section 9.9)."""
    keys = ("etoUser", "etoGrid", "elocalLoad", "pacTo")
    zeros = {key: 0 for key in recorded("tlx_last_data") if key.startswith(keys)}
    assert tlx(**zeros).has_meter is False
    assert tlx(**zeros | {"etoUserTotal": 0.1}).has_meter is True
    made = ("eacTotal", "epvTotal", "epv1Total", "epv2Total")
    assert tlx(**zeros | dict.fromkeys(made, 0)).has_meter is None


def test_lost_of_a_record_says_nothing() -> None:
    """It is often true of healthy devices (Q9): the age of the record counts."""
    reading = tlx(lost=True)
    assert reading.online(NOW)
    assert not reading.online(NOW + timedelta(minutes=17))


def test_lower_case_is_another_key() -> None:
    """``vacrs`` is zero on most; where only that is told it has to do (9.3)."""
    assert picked(tlx(), "reactive_voltage", "line_voltage_1") == [413.5, 413.5]
    only = tlx(vacRs=None)
    assert picked(only, "reactive_voltage", "line_voltage_1") == [0.0, None]


@pytest.mark.parametrize("name", ["self_power", "system_power"])
def test_sentinels_are_missing(name: str) -> None:
    """-0.1 W is "not available"."""
    assert name not in tlx(pself=-0.1, psystem=-0.1).values


def test_sph_of_v1() -> None:
    """Charging is negative battery power."""
    reading = read(Family.SPH, SPH, recorded("mix_last_data"))
    assert picked(reading, *FLOWS) == [2410.3, 35.2, -1180.0, 1236.7, 95.0]
    assert reading.get("solar_energy_today") == 8.0
    assert reading.get("export_energy_total") == 1039.2
    assert reading.get("battery_discharge_energy_total") == 5960.4
    assert reading.get("priority_mode") == "load_first"
    assert reading.get("status") == "PV Bat Online"


@pytest.mark.parametrize(
    ("changes", "key", "expected"),
    [
        ({"epvtoday": 8.1}, "solar_energy_today", 8.1),
        ({"edischargeToday": 4.2}, "battery_discharge_energy_today", 4.1),
        ({"eselftoday": 6.0}, "self_consumption_energy_today", 6.0),
        ({"esystemtotal": 600.5}, "system_production_energy_total", 600.5),
        ({"bmsSOC": 0}, "battery_soc", 95.0),
        ({"bmsSOC": 0, "soc": 51}, "battery_soc", 51.0),
        ({"priorityChoose": 2}, "priority_mode", "grid_first"),
        ({"priorityChoose": 9}, "priority_mode", None),
    ],
)
def test_sph_spellings(changes: dict[str, Any], key: str, expected: Any) -> None:
    """V1 and v4 write some names differently (section 3.C)."""
    record = recorded("mix_last_data") | changes
    assert read(Family.SPH, SPH, record).get(key) == expected


def test_discharge_without_the_one() -> None:
    """Some call it ``edischargeToday``."""
    record = recorded("mix_last_data")
    record["edischargeToday"] = record.pop("edischarge1Today")
    reading = read(Family.SPH, SPH, record)
    assert reading.get("battery_discharge_energy_today") == 4.1


def test_mix_of_the_app() -> None:
    """Most of its status is in kW; the two inputs are in W (Q6)."""
    reading = read(Family.SPH, SPH, classic_mix())
    assert picked(reading, *FLOWS) == [2410.0, 40.0, -1180.0, 1240.0, 95.0]
    assert picked(reading, "input_1_power", "input_2_power") == [1220.1, 1190.2]
    assert reading.get("status") == "Normal"
    assert reading.observed_at is None


def test_mix_of_the_app_has_the_dashboards_import() -> None:
    """Only that one has the energy that went into the battery."""
    reading = read(Family.SPH, SPH, classic_mix())
    assert reading.get("import_energy_today") == 0.8
    assert reading.get("import_load_energy_today") == 0.4
    assert "import_energy_total" not in reading.values
    assert reading.get("load_from_solar_energy_today") == 2.3
    assert picked(reading, "revenue_total", "currency") == [2290.1, "EUR"]


def test_each_part_of_mix_may_be_missing() -> None:
    """The others are still worth something."""
    whole = set(read(Family.SPH, SPH, classic_mix()).values)
    for name in classic_mix():
        reading = read(Family.SPH, SPH, classic_mix(**{name: {}}))
        assert set(reading.values) <= whole
        assert len(reading.values) > 10


def test_spa() -> None:
    """The sun is that of the inverter beside it."""
    reading = read(Family.SPA, SPA, recorded("spa_last_data"))
    assert picked(reading, *FLOWS) == [3050.0, 0.0, -2090.0, 960.0, 85.0]
    assert reading.get("solar_energy_total") == 6120.4
    assert reading.get("output_power") == 2130.0
    assert not [key for key in reading.values if key.startswith("input_")]


def test_storage_counts_charging_as_positive() -> None:
    """The bundle's sign is the other one; the overview has what the record lacks."""
    bean = recorded("storage_params")["storageDetailBean"]
    record = bean | {"storage_energy_overview": recorded("storage_energy_overview")}
    reading = read(Family.STORAGE, STORAGE, record)
    assert picked(reading, "battery_power", "battery_charge_power") == [-410.0, 410.0]
    assert reading.get("import_energy_total") == 140.9
    assert reading.get("solar_power") == 1240.0
    assert reading.get("load_percent") == 11.2
    discharging = read(Family.STORAGE, STORAGE, record | {"pCharge": "-300"})
    assert discharging.get("battery_power") == 300.0
    split = record | {"pCharge": "0", "pDischarge": "250"}
    assert read(Family.STORAGE, STORAGE, split).get("battery_power") == 250.0


def test_storage_without_its_overview() -> None:
    """It may be null (Q15)."""
    record = recorded("storage_params")["storageDetailBean"]
    record["storage_energy_overview"] = None
    reading = read(Family.STORAGE, STORAGE, record)
    assert reading.get("battery_charge_energy_total") == 930.0


def test_string_inverter() -> None:
    """It calls what it made ``powerToday``; its time is the server's."""
    reading = read(Family.INVERTER, INVERTER, recorded("inverter_detail"))
    keys = ("output_power", "solar_power", "output_energy_total", "grid_voltage_1")
    assert picked(reading, *keys) == [2510.4, 2604.0, 21340.5, 234.1]
    assert reading.observed_at == datetime(2026, 2, 22, 1, 2, 10, tzinfo=UTC)
    assert reading.has_meter is None


def noah(**changes: Any) -> Reading:
    """Decode the NOAH record with changes."""
    return read(Family.NOAH, NOAH, recorded("noah_last") | changes, LATER)


def test_noah() -> None:
    """Its CT counts import as positive; the pack says whether it charges."""
    reading = noah()
    assert picked(reading, *FLOWS) == [412.0, -85.0, -112.0, 270.0, 47.0]
    assert reading.batteries == (1,)
    assert "battery_2_soc" not in reading.values
    assert reading.get("input_1_power") == 190.2


@pytest.mark.parametrize(
    ("status", "power", "expected"),
    [(2, 300, 300.0), (2, -300, 300.0), (1, 300, -300.0), (None, -300, 300.0)],
)
def test_noah_power_with_and_without_a_status(
    status: int | None, power: int, expected: float
) -> None:
    """Signed or not: the status decides where there is one."""
    reading = noah(
        totalBatteryPackChargingPower=power, totalBatteryPackChargingStatus=status
    )
    assert reading.get("battery_power") == expected


def test_noah_load_below_zero_wraps() -> None:
    """65451 is -85 in 16 bits (Q26)."""
    assert noah(totalHouseholdLoad=65451).get("load_power") == -85.0
    assert noah(totalHouseholdLoad=32767).get("load_power") == 32767.0


def test_noah_and_nexa_of_the_app() -> None:
    """NEXA counts what it gives as negative; units may be glued on."""
    status = recorded("noah_system_status")
    reading = read(Family.NOAH, NOAH, {"noah_system_status": status}, LATER)
    assert picked(reading, "battery_power", "output_power") == [-112.0, 300.0]
    nexa = {"soc": "50", "pac": "-240Watt", "totalBatteryPackChargingPower": "-180"}
    reading = read(Family.NOAH, NOAH, {"nexa_system_status": nexa}, LATER)
    assert picked(reading, "battery_power", "output_power") == [180.0, 240.0]


def test_meter() -> None:
    """Feed-in is negative, also where the meter tells it apart."""
    record = {"activePower": 0, "reverActivePower": 512.4, "voltageL1": 230.1}
    reading = read(Family.METER, "LOG_1", record)
    assert picked(reading, "power", "voltage_1") == [-512.4, 230.1]
    assert read(Family.METER, "LOG_1", {"activePower": -7}).get("power") == -7.0
    assert read(Family.METER, "LOG_1", {"posiActivePower": 9}).get("power") == 9.0


def test_an_all_zero_record_is_none() -> None:
    """It is what a sleeping device leaves (Q11): zeros must not be shown."""
    record = {
        key: 0 if isinstance(value, int | float) else value
        for key, value in recorded("tlx_last_data").items()
    }
    record |= {
        "time": "",
        "serialNum": None,
        "dataLogSn": None,
        "statusText": "Standby",
    }
    record.pop("calendar")
    assert maybe(Family.MIN, MIN, record) is None


def test_the_record_of_another_device_is_none() -> None:
    """Whoever mixed them up, values of a neighbour are wrong."""
    assert maybe(Family.MIN, "OTHER00001", recorded("tlx_last_data")) is None


def test_a_serial_of_nul_bytes_is_no_other_device() -> None:
    """The record is taken as what was asked for (Q24)."""
    assert tlx(serialNum="\x00\x00-0").get("solar_power") == 4120.6


@pytest.mark.parametrize("raw", [None, [], "x", 3])
def test_records_that_are_none_are_bad_data(raw: Any) -> None:
    """There is nothing to read at all."""
    with pytest.raises(BadDataError):
        driver.live(raw, NOW, Family.MIN)


def test_records_of_one_batch_teach_the_zone() -> None:
    """A record without an epoch is dated by its neighbour (Q7)."""
    first = recorded("inverter_detail") | {
        "time": "2026-02-22 02:03:40",
        "calendar": 1771722220000,
    }
    second = recorded("inverter_detail") | {"time": "2026-02-22 02:02:00"}
    found = driver.live({"A": first, "B": second}, NOW, Family.INVERTER).devices
    assert found["B"].observed_at == datetime(2026, 2, 22, 1, 2, tzinfo=UTC)
