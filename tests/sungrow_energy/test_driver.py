"""Rows of the API become entries and samples (reference sections 3.1 to 3.7)."""

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.sungrow_energy import driver
from custom_components.sungrow_energy._vendor.core.client.errors import BadDataError
from custom_components.sungrow_energy.points import HOME_MANAGER_TYPE

from . import wire

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 9, 2, 13, 20, tzinfo=UTC)


def zone_of(_plant_id: str | None) -> tzinfo:
    """All plants are in Berlin."""
    return BERLIN


def one_device(**changes: Any) -> Any:
    """Return the entry of the hybrid with changes."""
    row = {**wire.DEVICES[0], **changes}
    return next(iter(driver.devices([row], NOW).devices.values()), None)


def sample(device_type: int, row: dict[str, Any], names: Any = ()) -> Any:
    """Return the sample of one row."""
    raw = {"device_point_list": [{"ps_key": "5_14_1_1", **row}], "point_dict": names}
    return driver.live(raw, NOW, device_type, zone_of).devices["5_14_1_1"]


def test_a_plant_is_its_row_and_its_detail() -> None:
    """What the list says is newer; money and counts are only in the detail."""
    found = driver.plants(wire.PLANTS, NOW)
    (plant,) = found.plants.values()
    assert (plant.plant_id, plant.name) == ("5123456", "Home")
    assert plant.plant_type == "residential_storage"
    assert (plant.online, plant.fault) == (True, "normal")
    assert (plant.fault_count, plant.alarm_count) == (0, 0)
    assert plant.offset == timedelta(hours=2)
    assert plant.installed_power == 9960.0
    assert (plant.tariff.currency, plant.tariff.consumption, plant.tariff.feed_in) == (
        "EUR",
        0.32,
        0.08,
    )
    assert plant.connect_type == "surplus_feed_in"
    assert found.not_authorized == {"77"}


def test_a_plant_without_a_detail_is_still_there() -> None:
    """Details may be refused; the plant's row is enough."""
    raw = {"rows": [{"ps_id": 7, "ps_name": "--"}]}
    assert driver.plants(raw, NOW).plants["7"].name == "7"


def test_amounts_that_only_the_login_has() -> None:
    """An amount in a unit that cannot be read is left out."""
    row = {
        "ps_id": 7,
        "today_income": {"unit": "EUR", "value": "1.20"},
        "total_income": {"unit": "万元", "value": "3"},
        "co2_reduce": {"unit": "kg", "value": "--"},
    }
    plant = driver.plants({"rows": [row]}, NOW).plants["7"]
    assert plant.extras == {"income_today": (1.2, "EUR")}


@pytest.mark.parametrize(
    ("unit", "kilograms"),
    [
        ("kg", 1.5),
        ("Kg", 1.5),
        ("KG", 1.5),
        ("g", 0.0015),
        ("t", 1500.0),
        ("T", 1500.0),
        (None, None),
        ("lb", None),
    ],
)
def test_co2_is_in_kilograms_whatever_its_unit(
    unit: str | None, kilograms: float | None
) -> None:
    """It changes when the amount is large enough, and the counter must not."""
    row = {"ps_id": 7, "co2_reduce_total": {"unit": unit, "value": "1.5"}}
    plant = driver.plants({"rows": [row]}, NOW).plants["7"]
    told = {} if kilograms is None else {"co2_total": (kilograms, "kg")}
    assert plant.extras == told


def test_devices_are_known_by_their_serials() -> None:
    """Those of the plant itself are left out; a serial that comes twice is one's."""
    rows = [
        *wire.DEVICES,
        {**wire.DEVICES[1], "ps_key": "5123456_43_2_2", "uuid": 99},
        {"ps_key": "5123456_11_0_0", "device_type": 11, "device_sn": "P"},
    ]
    found = driver.devices(rows, NOW).devices
    assert set(found) == {
        "A2351607928",
        "S2350000001",
        "5123456_43_2_2",
        "M2300000001",
        "B2261882811",
    }
    hybrid = found["A2351607928"]
    assert (hybrid.uuid, hybrid.ps_key, hybrid.type) == (
        "10941275",
        "5123456_14_1_1",
        14,
    )
    assert (hybrid.model, hybrid.model_id) == ("SH10RT-V112", "346856")
    assert (hybrid.online, hybrid.fault) == (True, "normal")
    assert hybrid.rated_power == 10000.0
    assert hybrid.logger == "B2261882811"
    assert hybrid.versions == {
        "lcd": "SAPPHIRE-H_01011.51.04",
        "mdsp": "SAPPHIRE-H_03011.51.04",
    }
    assert hybrid.manufacturer == "Sungrow"


@pytest.mark.parametrize(
    ("name", "model", "shown"),
    [
        ("Energy Storage System1", "SH10RT", "SH10RT"),
        ("Garage", "SH10RT", "Garage"),
        ("储能1", "SH10RT", "SH10RT"),
        ("储能1", "储", None),
        (None, None, None),
    ],
)
def test_a_device_is_called_what_people_can_read(
    name: str | None, model: str | None, shown: str | None
) -> None:
    """A name of the type says less than the model; Chinese says nothing."""
    found = one_device(device_name=name, device_model_code=model)
    assert found.name == shown


def test_a_home_manager_is_known_by_its_model() -> None:
    """Its device type is not published."""
    found = one_device(device_type=99, device_model_code="iHomeManager")
    assert found.type == HOME_MANAGER_TYPE
    assert one_device(device_type=99, device_model_code="Other").type == 99


@pytest.mark.parametrize(
    ("changes", "online", "fault"),
    [
        ({"dev_status": 0, "dev_fault_status": "1"}, False, "fault"),
        ({"dev_status": "1", "dev_fault_status": 2}, True, "alarm"),
        ({"dev_status": None, "dev_fault_status": 0}, None, None),
    ],
)
def test_states_of_a_device(
    changes: dict[str, Any], online: bool | None, fault: str | None
) -> None:
    """They come as numbers and as texts; anything else is unknown."""
    found = one_device(**changes)
    assert (found.online, found.fault) == (online, fault)


@pytest.mark.parametrize("nested", [True, False])
def test_a_sample_of_a_device(nested: bool) -> None:
    """Rows are nested or flat (3.5), numbers are texts and nulls are nothing."""
    row = wire.HYBRID["device_point_list"][0]
    raw = {
        **wire.HYBRID,
        "device_point_list": [row if nested else row["device_point"]],
        "illegal_ps_key_list": ["5123456_14_2_1"],
    }
    live = driver.live(raw, NOW, 14, zone_of)
    found = live.devices["5123456_14_1_1"]
    assert found.observed_at == datetime(2026, 9, 2, 13, 15, tzinfo=UTC)
    assert found.values == {
        "battery_soc": 79.1,
        "battery_charge_power": 0.0,
        "battery_discharge_power": 854.0,
        "load_power": 712.0,
        "feed_in_power": 0.0,
        "purchased_power": 0.0,
        "operating_status": "running",
        "mppt1_voltage": 400.0,
        "mppt1_current": 2.5,
        "mppt1_power": 1000.0,
    }
    assert found.codes == {"operating_status": 64}
    assert (found.online, found.fault) == (True, "normal")
    assert live.failed == {"5123456_14_2_1"}


def test_a_clock_that_is_ahead_is_held_back() -> None:
    """A sample cannot be newer than its answer; without a time nobody knows."""
    assert sample(14, {"device_time": "20260902180000"}).observed_at == NOW
    assert sample(14, {"device_time": "--"}).observed_at is None


@pytest.mark.parametrize(
    ("shown", "received", "meant"),
    [
        ("20261025025500", "2026-10-25T00:55:40", "2026-10-25T00:55:00"),
        ("20261025020000", "2026-10-25T01:00:40", "2026-10-25T01:00:00"),
        # Its clock is a little ahead of ours
        ("20261025020300", "2026-10-25T01:00:40", "2026-10-25T01:00:40"),
        ("20261025025500", "2026-10-25T01:55:40", "2026-10-25T01:55:00"),
        ("20261025025500", "2026-10-25T02:40:00", "2026-10-25T01:55:00"),
        # The hour that the other clock change leaves out
        ("20260329023000", "2026-03-29T02:00:00", "2026-03-29T01:30:00"),
        ("20260329030000", "2026-03-29T01:00:40", "2026-03-29T01:00:00"),
    ],
)
def test_the_hour_that_comes_twice_is_the_one_that_was_just_uploaded(
    shown: str, received: str, meant: str
) -> None:
    """The times have no offset (3.0)."""
    at, right = (
        datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (received, meant)
    )
    raw = {"device_point_list": [{"ps_key": "5_14_1_1", "device_time": shown}]}
    found = driver.live(raw, at, 14, zone_of).devices["5_14_1_1"]
    assert found.observed_at == right


def test_a_status_that_no_table_has_keeps_its_code() -> None:
    """Diagnostics and the control need the number."""
    found = sample(14, {"p13146": "3"})
    assert "operating_status" not in found.values
    assert found.codes == {"operating_status": 3}


def test_points_of_no_table_are_kept() -> None:
    """With the unit that the dictionary says, and its name unless in Chinese."""
    names = [
        {"point_id": 99001, "point_name": "Hidden", "point_unit": "℃"},
        {"point_id": "99002", "point_name": "隐藏", "show_unit": "%"},
    ]
    row = {"p99001": "20.5", "p99002": "0.3", "p99003": "--", "ps_id": 5, "p9x": 1}
    found = sample(14, row, names).unknown
    assert {key: (one.value, one.unit, one.name) for key, one in found.items()} == {
        "99001": (20.5, "°C", "Hidden"),
        "99002": (30.0, "%", None),
    }


@pytest.mark.parametrize(
    ("row", "names", "watts"),
    [
        ({"p33708": "3.6", "p33723": "11"}, [], 3600.0),
        ({"p33708": "60", "p33723": "11000"}, [], 60.0),
        (
            {"p33708": "60", "p33723": "11000"},
            [{"point_id": "33708", "point_unit": "kW"}],
            60.0,
        ),
        (
            {"p33708": "60", "p33723": "80"},
            [{"point_id": "33708", "point_unit": "W"}],
            60.0,
        ),
    ],
)
def test_a_charger_in_w_or_kw(
    row: dict[str, Any], names: list[Any], watts: float
) -> None:
    """What one of its powers tells is true of the others."""
    assert sample(51, row, names).values["charging_power"] == watts


def test_points_of_plants() -> None:
    """The token flavour has no time; a plant may be refused (10.16)."""
    found = driver.plants_live(wire.PLANT_POINTS, NOW, zone_of)
    plant = found.plants["5123456"]
    assert (plant.observed_at, plant.recorded_at) == (NOW, None)
    assert plant.values["pv_energy_today"] == 20.2
    assert plant.values["battery_soc"] == 41.0
    assert "storage_power" not in plant.values
    assert found.failed == {"88"}


def test_points_of_plants_in_the_login_flavour() -> None:
    """There the plant is a device of type 11 and has a time."""
    row = {"ps_key": "9_11_0_0", "device_time": "20260902151500", "p83033": "801"}
    raw = {"device_point_list": [{"device_point": row}]}
    plant = driver.plants_live(raw, NOW, zone_of).plants["9"]
    assert plant.recorded_at == datetime(2026, 9, 2, 13, 15, tzinfo=UTC)
    assert plant.values == {"plant_power": 801.0}


def test_faults_are_named_by_their_codes() -> None:
    """Newest first, each once; what is over is left out."""
    older = {**wire.FAULT, "fault_code": "x", "create_time": "2026-08-01 10:00:00"}
    over = {**wire.FAULT, "fault_code": "y", "process_status": 9}
    strange = {**older, "fault_code": "z", "fault_type_code": "31", "create_time": ""}
    rows = [strange, older, over, wire.FAULT, wire.FAULT]
    found = driver.faults(rows, NOW, zone_of).faults
    assert [fault.fault_id for fault in found] == [
        "60005.202609.47b8b34242077",
        "x",
        "z",
    ]
    first, _, last = found
    assert (first.code, first.name) == (60005, "grid_outage")
    assert (first.kind, first.level) == ("fault", "major")
    assert first.started == datetime(2026, 9, 1, 14, 41, 52, tzinfo=UTC)
    assert (first.plant_id, first.ps_key, first.device_type) == (
        "5123456",
        "5123456_14_1_1",
        14,
    )
    assert (last.code, last.name, last.started) == (31, None, None)


@pytest.mark.parametrize("raw", [None, [], {}, "x", {"rows": None}])
def test_what_is_no_answer_is_bad_data(raw: Any) -> None:
    """It is asked again; nothing is made of it."""
    for decode in (
        lambda: driver.plants(raw, NOW),
        lambda: driver.plants_live(raw, NOW, zone_of),
        lambda: driver.live(raw, NOW, 14, zone_of),
    ):
        with pytest.raises(BadDataError):
            decode()
    for listed in (
        lambda: driver.devices({}, NOW),
        lambda: driver.faults({}, NOW, zone_of),
    ):
        with pytest.raises(BadDataError):
            listed()
