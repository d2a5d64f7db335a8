"""Real-time points of the iSolarCloud simulator against the truth of its houses."""

from typing import Any

import pytest

from simulator.sungrow import Plant
from simulator.sungrow.points import CATALOGUE, TABLES

from .sungrow_client import Gateway
from .sungrow_desk import Desk


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway)


@pytest.fixture
def login(gateway: Gateway) -> Desk:
    return Desk(gateway, v1=True)


def still(plant: Plant, **values: float) -> Plant:
    """Let a house stand still, with a record of it in the cloud."""
    plant.house.override(**({"pv_w": 3120, "load_w": 985, "soc": 62} | values))
    plant.upload()
    return plant


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(
            {"pv_w": 3120, "load_w": 985, "soc": 62},
            {"p13126": "2135.0", "p13150": "0.0", "p13149": "0.0", "p13121": "0.0"},
            id="charges",
        ),
        pytest.param(
            {"pv_w": 0, "load_w": 985, "soc": 62},
            {"p13126": "0.0", "p13150": "985.0", "p13149": "0.0", "p13121": "0.0"},
            id="discharges",
        ),
        pytest.param(
            {"pv_w": 0, "load_w": 985, "soc": 5},
            {"p13126": "0.0", "p13150": "0.0", "p13149": "985.0", "p13121": "0.0"},
            id="imports",
        ),
        pytest.param(
            {"pv_w": 3120, "load_w": 985, "soc": 100},
            {"p13126": "0.0", "p13150": "0.0", "p13149": "0.0", "p13121": "2135.0"},
            id="exports",
        ),
    ],
)
async def test_powers_of_a_hybrid_are_unsigned_texts_in_watts(
    desk: Desk, values: dict[str, float], expected: dict[str, str]
) -> None:
    still(desk.plant, **values)
    row = await desk.points(desk.hybrid, 13126, 13150, 13149, 13121, 13003, 13119)
    assert {name: row[name] for name in expected} == expected
    assert row["p13003"] == f"{float(values['pv_w'])}"
    assert row["p13119"] == "985.0"


async def test_identity_and_time_of_a_row(desk: Desk) -> None:
    still(desk.plant)
    row = await desk.points(desk.hybrid, 13141, 13146)
    assert (row["ps_key"], row["device_sn"]) == ("5123456_14_1_1", "A2351607928")
    assert row["device_time"] == "20260503131030"
    assert (row["dev_status"], row["dev_fault_status"]) == (1, 4)
    assert (row["p13141"], row["p13146"]) == ("0.62", "64")


async def test_counters_are_those_of_the_house(desk: Desk) -> None:
    plant = still(desk.plant)
    truth = plant.house.energy_on(plant.house.today())
    assert truth is not None
    row = await desk.plant_points(83022, 83102, 83072, 83118, 83322, 83323)
    expected = {
        "p83022": truth.solar_wh,
        "p83102": truth.import_wh,
        "p83072": truth.export_wh,
        "p83118": truth.load_wh,
        "p83322": truth.charge_wh,
        "p83323": truth.discharge_wh,
    }
    assert {name: float(row[name]) for name in expected} == pytest.approx(
        expected, abs=0.06
    )
    lifetime = await desk.points(desk.hybrid, 13134, 13148)
    assert float(lifetime["p13134"]) == pytest.approx(
        54_965_000 + truth.solar_wh, abs=0.1
    )


async def test_meter_imports_and_battery_current_gives_with_a_plus(desk: Desk) -> None:
    plant = still(desk.plant, pv_w=0, load_w=9000)
    (meter,), (battery,) = plant.of(7), plant.of(43)
    grid = await desk.points(meter, 8018, 8076)
    live = plant.house.live()
    assert live.grid_w > 0
    assert float(grid["p8018"]) == pytest.approx(live.grid_w, abs=0.06)
    assert float(grid["p8076"]) == pytest.approx(live.grid_w / 3, abs=0.06)
    pack = await desk.points(battery, 58601, 58602)
    watts = float(pack["p58601"]) * float(pack["p58602"])
    assert watts == pytest.approx(live.battery_w, abs=3)


@pytest.mark.parametrize("sign", ["charge", "discharge"])
async def test_plant_powers_are_null_on_a_hybrid_unless_switched(
    desk: Desk, sign: Any
) -> None:
    plant = still(desk.plant)
    powers = (83238, 83326, 83328, 83549)
    row = await desk.plant_points(*powers)
    assert [row[f"p{point}"] for point in powers] == [None] * 4
    plant.cloud.plant_powers = True
    plant.cloud.storage_sign = sign
    row = await desk.plant_points(*powers)
    charging = "2135.0" if sign == "charge" else "-2135.0"
    assert [row[f"p{point}"] for point in powers] == [charging, charging, "0.0", "0.0"]


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [("null", None), ("--", "--"), ("", ""), ("word", "null"), ("NaN", "NaN")],
)
async def test_no_value_is_spelled_as_switched(
    desk: Desk, spelling: Any, expected: str | None
) -> None:
    desk.sim.cloud.null_spelling = spelling
    assert (await desk.points(desk.hybrid, 13187))["p13187"] == expected


async def test_no_value_can_be_missing(desk: Desk) -> None:
    desk.sim.cloud.null_spelling = "missing"
    row = await desk.points(desk.hybrid, 13187, 13007)
    assert "p13187" not in row
    assert row["p13007"] == "50.0"


async def test_rows_are_nested_or_flat(desk: Desk) -> None:
    body = {
        "device_type": "14",
        "ps_key_list": [desk.hybrid.ps_key],
        "point_id_list": ["13007"],
    }
    nested = await desk.data("getDeviceRealTimeData", **body)
    assert nested["device_point_list"][0]["device_point"]["p13007"] == "50.0"
    desk.sim.cloud.rows = "flat"
    flat = await desk.data("getDeviceRealTimeData", **body)
    assert flat["device_point_list"][0]["p13007"] == "50.0"


async def test_dictionary_names_units_only_if_asked_and_never_in_v1(
    desk: Desk, login: Desk
) -> None:
    body = {
        "device_type": "14",
        "ps_key_list": [desk.hybrid.ps_key],
        "point_id_list": ["13019", "13141"],
    }
    assert "point_dict" not in await desk.data("getDeviceRealTimeData", **body)
    body["is_get_point_dict"] = "1"
    answer = await desk.data("getDeviceRealTimeData", **body)
    assert answer["point_dict"] == [
        {
            "point_id": "13019",
            "point_name": "Internal Air Temperature",
            "point_unit": "℃",
        },
        {"point_id": "13141", "point_name": "Battery Level", "point_unit": ""},
    ]
    assert "point_dict" not in await login.data("getDeviceRealTimeData", **body)


async def test_the_plant_is_a_device_of_type_11_with_a_time(login: Desk) -> None:
    still(login.plant)
    answer = await login.data(
        "getDeviceRealTimeData",
        device_type=11,
        ps_key_list=["5123456_11_0_0"],
        point_id_list=["83067"],
    )
    row = answer["device_point_list"][0]["device_point"]
    assert (row["p83067"], row["device_time"]) == ("3120.0", "20260503131030")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"point_id_list": ["1"] * 101}, "010", id="points"),
        pytest.param({"ps_key_list": ["k"] * 51}, "010", id="devices"),
        pytest.param({"ps_key_list": []}, "009", id="nobody"),
        pytest.param({"point_id_list": []}, "009", id="nothing"),
        pytest.param({"device_type": None}, "009", id="type"),
    ],
)
async def test_caps_of_real_time(desk: Desk, body: dict[str, Any], code: str) -> None:
    usual: dict[str, Any] = {
        "device_type": "14",
        "ps_key_list": [desk.hybrid.ps_key],
        "point_id_list": ["13007"],
    }
    assert await desk.code("getDeviceRealTimeData", **(usual | body)) == code


async def test_who_is_not_there_is_named(desk: Desk) -> None:
    devices = await desk.data(
        "getDeviceRealTimeData",
        device_type="14",
        ps_key_list=["9_14_1_1"],
        point_id_list=["13007"],
    )
    assert devices == {"device_point_list": [], "illegal_ps_key_list": ["9_14_1_1"]}
    plants = await desk.data(
        "getPowerStationRealTimeData", ps_id_list=["9"], point_id_list=["83022"]
    )
    assert plants == {"device_point_list": [], "fail_ps_id_list": ["9"]}


async def test_uploads_come_every_five_minutes_at_a_phase_of_their_own(
    desk: Desk,
) -> None:
    times: dict[str, set[str]] = {}
    for _ in range(3):
        desk.clock.advance(300)
        for device in desk.plant.devices:
            row = await desk.points(device, 1)
            times.setdefault(device.sn, set()).add(row["device_time"])
    assert all(len(stamps) == 3 for stamps in times.values())
    phases = {stamp[-3:] for stamps in times.values() for stamp in stamps}
    assert len(phases) > len(times)


async def test_an_offline_device_keeps_its_last_record(desk: Desk) -> None:
    still(desk.plant)
    desk.hybrid.switches.online = False
    desk.clock.advance(3600)
    row = await desk.points(desk.hybrid, 13003)
    assert (row["device_time"], row["dev_status"]) == ("20260503131030", 0)


@pytest.mark.parametrize(
    ("mode", "sign", "lacks"),
    [("good", 1, (0, 0)), ("dips", 1, (400, 0)), ("negative", -1, (0, 0))],
)
async def test_computed_totals_go_wrong_as_switched(
    desk: Desk, mode: Any, sign: int, lacks: tuple[float, float]
) -> None:
    plant = still(desk.plant)
    plant.cloud.computed = mode
    for lack in lacks:
        desk.clock.advance(300)
        plant.upload()
        right = plant.lifetime.total().load_wh
        shown = float((await desk.plant_points(83124))["p83124"])
        assert shown == pytest.approx(sign * right - lack, abs=0.1)


async def test_daily_counters_can_be_late_at_midnight(desk: Desk) -> None:
    plant = desk.plant
    desk.clock.advance(39_000)  # 00:00:30
    plant.upload()
    assert (await desk.plant_points(83022))["p83022"] == "0.0"
    plant.cloud.late_midnight = 600
    assert float((await desk.plant_points(83022))["p83022"]) > 0
    desk.clock.advance(600)
    plant.upload()
    assert (await desk.plant_points(83022))["p83022"] == "0.0"


@pytest.mark.parametrize("plants", [("two_batteries",)])
async def test_two_batteries_share_and_the_charger_counts_in_its_unit(
    desk: Desk,
) -> None:
    plant = still(desk.plant, pv_w=0, load_w=2000)
    rows = [await desk.points(battery, 58606, 58602) for battery in plant.of(43)]
    total = plant.lifetime.total().charge_wh
    assert sum(float(row["p58606"]) for row in rows) == pytest.approx(total, abs=0.2)
    (charger,) = plant.of(51)
    plant.house.override(ev_plugged=True)
    plant.upload()
    row = await desk.points(charger, 33708, 33716)
    assert (row["p33708"], row["p33716"]) == ("11.0", "3")
    plant.cloud.charger_unit = "W"
    answer = await desk.data(
        "getDeviceRealTimeData",
        device_type="51",
        ps_key_list=[charger.ps_key],
        point_id_list=["33708"],
        is_get_point_dict="1",
    )
    assert answer["device_point_list"][0]["device_point"]["p33708"] == "11000.0"
    assert answer["point_dict"][0]["point_unit"] == "W"


@pytest.mark.parametrize("plants", [("hybrid_without_battery",)])
async def test_a_hybrid_without_battery_has_no_battery_points(desk: Desk) -> None:
    still(desk.plant)
    row = await desk.points(desk.hybrid, 13141, 13126, 13138, 13003)
    assert [row["p13141"], row["p13126"], row["p13138"]] == [None] * 3
    assert row["p13003"] == "3120.0"


@pytest.mark.parametrize("plants", [("micro",)])
async def test_a_plant_without_meter_has_no_grid_counters(desk: Desk) -> None:
    still(desk.plant, pv_w=600)
    row = await desk.plant_points(83105, 83075, 83106, 83022)
    assert [row["p83105"], row["p83075"], row["p83106"]] == [None] * 3
    halves = [await desk.points(micro, 51303, 51333) for micro in desk.plant.of(55)]
    assert [(half["p51303"], half["p51333"]) for half in halves] == [
        ("300.0", "150.0"),
        ("300.0", "150.0"),
    ]


@pytest.mark.parametrize(
    "plants",
    [
        (
            "hybrid",
            "two_batteries",
            "string",
            "micro",
            "storage",
            "hybrid_without_battery",
        )
    ],
)
async def test_every_device_of_every_home_answers(desk: Desk) -> None:
    for plant in desk.sim.plants:
        for device in plant.devices:
            points = list(CATALOGUE[device.type])[:100]
            row = await desk.points(device, *points)
            values = [row[f"p{point}"] for point in points]
            assert any(value is not None for value in values), device.spec.model
            assert all(isinstance(value, str | None) for value in values)


def test_every_point_with_a_value_has_a_name() -> None:
    for kind, points in TABLES.items():
        assert points.keys() <= CATALOGUE[kind].keys()
    assert sum(map(len, CATALOGUE.values())) == 604
