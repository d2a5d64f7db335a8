"""Plants and devices of either mode (reference sections 3.A, 3.F and 9.1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custom_components.growatt_energy import driver
from custom_components.growatt_energy._vendor.core.client.errors import BadDataError
from custom_components.growatt_energy.families import (
    FACTS,
    Family,
    from_classic,
    from_v1,
    from_v4,
)
from custom_components.growatt_energy.inventory_wire import zone_of
from custom_components.growatt_energy.readings import Devices, PlantReading

from .recorded import LATER, MIN, NOW, SPH, STORAGE, recorded


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Home Assistant is not needed here."""


def plant(at: datetime = NOW, **parts: Any) -> PlantReading:
    """Decode the plant of the token examples, with other parts."""
    raw = {
        "data": recorded("plant_data"),
        "power": recorded("plant_power"),
        "list": recorded("plant_list")["plants"][0],
    }
    return driver.plant(raw | parts, at)


def test_the_newest_slot_of_the_curve_is_the_power() -> None:
    """In whatever order; empty slots and those of the future do not count."""
    assert plant().values["output_power"] == 3821.4
    powers = recorded("plant_power")
    powers["powers"].reverse()
    powers["powers"].append({"time": "2026-02-22 11:30", "power": 9000})
    assert plant(power=powers).values["output_power"] == 3821.4


def test_without_a_curve_power_is_kilowatts() -> None:
    """``plant/data`` has kW (Q6), unless that cannot be."""
    assert plant(power=None).values["output_power"] == 3820.0
    data = recorded("plant_data") | {"current_power": "3820"}
    assert plant(power=None, data=data).values["output_power"] == 3820.0


def test_an_old_curve_says_nothing() -> None:
    """Ten minutes are the most."""
    assert plant(NOW + timedelta(minutes=12)).values["output_power"] == 3820.0


def test_plant_of_a_token() -> None:
    """kWh, kWp in W, the plant's own time."""
    found = plant()
    assert found.values["energy_total"] == 9435.6
    assert found.values["peak_power"] == 6600.0
    assert found.last_update == datetime(2026, 2, 22, 1, 6, 34, tzinfo=UTC)
    assert found.online is True
    assert "efficiency" not in found.values


def test_plant_of_a_login() -> None:
    """W and money; the currency is that of the settings, as a sign may be many."""
    found = driver.plant(
        {"info": recorded("plant_info"), "settings": recorded("plant_settings")}, NOW
    )
    assert found.values["output_power"] == 3823.0
    assert found.values["money_today"] == 3.1
    assert found.values["money_total"] == 2358.9
    assert found.currency == "AUD"
    assert driver.plant({"info": recorded("plant_info")}, NOW).currency == "EUR"


def test_plants_of_a_token_know_their_zone_from_the_details() -> None:
    """The list has none."""
    row = recorded("plant_list")["plants"][0]
    row["details"] = {"timezone": "GMT+10", "currency": "AUD"}
    entry = driver.plants([row], NOW).plants["1234567"]
    assert (entry.name, entry.zone, entry.currency) == ("Home", "+10:00", "AUD")
    assert (entry.user_id, entry.peak_power) == ("2345678", 6600.0)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("GMT+5:30", "+05:30"),
        ("GMT-3", "-03:00"),
        (9.5, "+09:30"),
        ("1.0", "+01:00"),
        ("Europe/Berlin", "Europe/Berlin"),
        ("GMT+99", None),
        ("", None),
        (None, None),
    ],
)
def test_zones_of_plants(zone: Any, expected: str | None) -> None:
    """Offsets in some spellings, or a name."""
    entry = driver.plants([{"id": 1, "timezone": zone}], NOW).plants["1"]
    assert entry.zone == expected


@pytest.mark.parametrize("raw", [None, "x", 4])
def test_no_list_is_bad_data(raw: Any) -> None:
    """An empty list is one, a text is not."""
    assert driver.plants([], NOW).plants == {}
    with pytest.raises(BadDataError):
        driver.plants(raw, NOW)
    with pytest.raises(BadDataError):
        driver.devices(raw, NOW)


def devices(**parts: Any) -> Devices:
    """Decode the token's list of devices, with other parts."""
    raw = {
        "mode": "token",
        "plant_id": "1234567",
        "list": recorded("device_list")["devices"],
    }
    return driver.devices(raw | parts, NOW)


def test_devices_of_a_token() -> None:
    """Routed by their type alone; the meter is one per address."""
    found = devices(meters={"QMN0A1B2C3": [{"address": 3, "deviceName": "SDM630"}]})
    assert {key: one.family for key, one in found.devices.items()} == {
        MIN: Family.MIN,
        SPH: Family.SPH,
        "QMN0A1B2C3_3": Family.METER,
    }
    assert found.devices[MIN].online is True
    assert found.devices[MIN].datalogger == "QMN0A1B2C3"


def test_the_identity_is_that_of_the_details() -> None:
    """The model is the one for people, where ``check/sn`` told it."""
    info = {MIN: recorded("tlx_data_info")}
    entry = devices(info=info).devices[MIN]
    assert entry.model == "S23B08D00T00P0FU01M0071"
    assert entry.versions == ("DO1.0", "DOAA020104")
    assert entry.rated_power == 12000.0
    assert entry.battery_serials == {1: "0KNQ12AB24CT0009"}
    model = {MIN: recorded("check_sn")}
    entry = devices(info=info, models=model).devices[MIN]
    assert (entry.model, entry.rated_power) == ("NEO 800M-X", 800.0)


def test_devices_that_only_v4_knows_are_added() -> None:
    """NOAH and WIT are missing in ``device/list`` (Q34); nothing comes twice."""
    rows = [
        {"deviceSn": "NOAH01", "deviceType": "noah", "datalogSn": ""},
        {"deviceSn": MIN, "deviceType": "min"},
        {"deviceSn": "HPS01", "deviceType": "hps"},
    ]
    found = devices(query=rows)
    assert found.devices["NOAH01"].family is Family.NOAH
    assert found.devices["NOAH01"].datalogger is None
    assert found.unserved == {"HPS01": "hps"}


def test_types_that_nobody_serves_are_named() -> None:
    """They get no entities but a line in the diagnostics."""
    rows = [{"device_sn": "PCS0000001", "type": 8}, {"device_sn": "X", "type": None}]
    assert devices(list=rows).unserved == {"PCS0000001": "8", "X": "unknown"}


def test_devices_of_a_login() -> None:
    """The alias is ``deviceAilas``, and an empty one is none."""
    found = driver.devices(
        {
            "mode": "login",
            "plant_id": "1",
            "list": recorded("classic_devices"),
            "loggers": recorded("plant_info")["datalogList"],
        },
        LATER,
    )
    assert found.devices[MIN].alias == "Garage"
    assert found.devices[STORAGE].alias is None
    assert found.devices[STORAGE].family is Family.STORAGE
    assert found.loggers["QMN0A1B2C3"].interval == timedelta(minutes=5)


def test_serials_of_nul_bytes_are_no_devices() -> None:
    """Nothing could be asked of them."""
    assert devices(list=[{"device_sn": "\x00\x00-0", "type": 7}]).devices == {}


def test_families_are_found_by_each_name() -> None:
    """The three APIs call them differently."""
    assert from_v1("7") is Family.MIN
    assert from_v1(8) is None
    assert from_v4("sph-s") is Family.SPH_S
    assert from_classic("mix") is Family.SPH
    assert from_classic(None) is None
    for family, facts in FACTS.items():
        if facts.v1_type is not None:
            assert from_v1(facts.v1_type) is family
        if facts.v4_type is not None:
            assert from_v4(facts.v4_type) is family


def test_alarms_and_signal() -> None:
    """Codes, texts and dBm; what is odd is None."""
    row = {"alarm_code": 25, "alarm_message": "No utility.", "start_time": "null"}
    (alarm,) = driver.alarms([row], NOW).alarms
    assert (alarm.code, alarm.message, alarm.started) == (25, "No utility.", None)
    assert driver.signal({"dbm": -70}, NOW).dbm == -70.0
    assert driver.signal({"dbm": 70}, NOW).dbm is None
    assert driver.signal(None, NOW).dbm is None


@pytest.mark.parametrize(
    ("told", "zone"),
    [
        ("GMT+9.5", "+09:30"),
        ("GMT+5.5", "+05:30"),
        ("GMT-3.5", "-03:30"),
        ("5.75", "+05:45"),
        ("GMT+10:30", "+10:30"),
        ("GMT+10", "+10:00"),
        ("1.0", "+01:00"),
        (-4, "-04:00"),
        ("GMT+25.5", None),
    ],
)
def test_offsets_of_plants(told: Any, zone: str | None) -> None:
    """Half hours are told in either spelling."""
    assert zone_of(told) == zone
