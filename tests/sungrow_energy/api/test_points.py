"""Points now and in the past (reference sections 3.4, 3.5 and 7)."""

from datetime import date, datetime
from typing import Any

import pytest

from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.api.client import SungrowClient
from custom_components.sungrow_energy.api.history import Period, Value

from .conftest import Asked, Cloud, ok

OAUTH = pytest.mark.parametrize("flavour", [Flavour.OAUTH])
LOGIN = pytest.mark.parametrize("flavour", [Flavour.LOGIN])
UNIT = {"point_id": "83022", "point_name": "Daily Yield of Plant", "point_unit": "Wh"}
KEY = "5123456_14_1_1"


@OAUTH
async def test_plants_are_asked_together(client: SungrowClient, cloud: Cloud) -> None:
    rows = [
        {"ps_id": 5123456, "p83022": "20200.0"},
        {"ps_key": "5123457_11_0_0", "p83022": None},
    ]
    cloud.usual = ok(
        {"device_point_list": rows, "point_dict": [UNIT], "fail_ps_id_list": [5123458]}
    )
    ids = ["5123456", "5123457", "5123458"]
    found = await client.plant_points(ids, ["83022"], want_dict=True)
    assert [row["ps_id"] for row in found["device_point_list"]] == ids[:2]
    assert found["device_point_list"][0]["p83022"] == "20200.0"
    assert found["point_dict"] == [UNIT]
    assert found["fail_ps_id_list"] == ["5123458"]
    assert cloud.last.endpoint == "getPowerStationRealTimeData"
    assert cloud.last.fields == {
        "ps_id_list": ids,
        "point_id_list": ["83022"],
        "is_get_point_dict": "1",
    }


@OAUTH
async def test_the_dictionary_is_not_asked_for_unasked(
    client: SungrowClient, cloud: Cloud
) -> None:
    await client.plant_points(["1"], ["83022"])
    assert "is_get_point_dict" not in cloud.last.fields


@LOGIN
async def test_the_login_flavour_asks_for_the_plant_as_a_device(
    client: SungrowClient, cloud: Cloud
) -> None:
    row = {"ps_key": "5123456_11_0_0", "device_time": "20260902151500", "p83022": "1"}
    cloud.usual = ok(
        {
            "device_point_list": [{"device_point": row}],
            "illegal_ps_key_list": ["7_11_0_0"],
        }
    )
    found = await client.plant_points(["5123456", "7"], ["83022"], want_dict=True)
    assert found == {
        "device_point_list": [{**row, "ps_id": "5123456"}],
        "point_dict": [],
        "fail_ps_id_list": ["7"],
    }
    assert cloud.last.endpoint == "getDeviceRealTimeData"
    assert cloud.last.fields == {
        "device_type": "11",
        "ps_key_list": ["5123456_11_0_0", "7_11_0_0"],
        "point_id_list": ["83022"],
    }


@pytest.mark.parametrize("nested", [True, False])
async def test_rows_of_devices_are_flat(
    client: SungrowClient, cloud: Cloud, nested: bool
) -> None:
    row = {"ps_key": KEY, "p13141": "0.791", "p13142": None}
    cloud.usual = ok({"device_point_list": [{"device_point": row} if nested else row]})
    found = await client.device_points(14, [KEY], ["13141"])
    assert found["device_point_list"] == [row]
    assert cloud.last.endpoint == "getDeviceRealTimeData"
    assert cloud.last.fields["device_type"] == "14"


async def test_many_points_and_devices_are_asked_in_pieces(
    client: SungrowClient, cloud: Cloud
) -> None:
    def answer(asked: Asked) -> Any:
        rows = [
            {"ps_key": key}
            | {f"p{point}": "1" for point in asked.fields["point_id_list"]}
            for key in asked.fields["ps_key_list"]
        ]
        return ok({"device_point_list": [{"device_point": row} for row in rows]})

    cloud.usual = answer
    keys = [f"5123456_1_{number}_1" for number in range(51)]
    points = [str(number) for number in range(1, 151)]
    found = await client.device_points(1, keys, points)
    sizes = [
        (len(asked.fields["ps_key_list"]), len(asked.fields["point_id_list"]))
        for asked in cloud.asked
    ]
    assert sizes == [(50, 100), (50, 50), (1, 100), (1, 50)]
    assert [row["ps_key"] for row in found["device_point_list"]] == keys
    assert all(len(row) == 151 for row in found["device_point_list"])


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"device_point_list": None},
        {"device_point_list": ["x", {}, {"device_point": "x"}]},
        {"point_dict": [{"point_name": "x"}], "illegal_ps_key_list": "x"},
    ],
)
async def test_odd_points_are_none(
    client: SungrowClient, cloud: Cloud, data: Any
) -> None:
    cloud.usual = ok(data)
    assert await client.device_points(14, [KEY], ["13141"]) == {
        "device_point_list": [],
        "point_dict": [],
        "illegal_ps_key_list": [],
    }


START, END = datetime(2026, 9, 1), datetime(2026, 9, 1, 3)
ROWS = [
    {"time_stamp": "20260901000000", "p83022": "0.0"},
    {"time_stamp": "20260901010000", "p83022": "1.0", "pST001": "x"},
]


@OAUTH
async def test_minutes_of_plants(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = ok({"5123456": ROWS, "point_dict": [UNIT], "illegal_ps_id_list": []})
    found = await client.minute_history(["5123456"], ["83022", "83102"], START, END)
    assert found == {"5123456": ROWS}
    assert cloud.last.endpoint == "getPowerStationPointMinuteDataList"
    assert cloud.last.fields == {
        "ps_id_list": ["5123456"],
        "points": "p83022,p83102",
        "start_time_stamp": "20260901000000",
        "end_time_stamp": "20260901030000",
        "minute_interval": "60",
    }


async def test_minutes_of_devices(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = ok({KEY: ROWS, "illegal_ps_key_list": ["x"]})
    found = await client.minute_history(
        [KEY], ["13134"], START, END, device_type=14, interval=5
    )
    assert found == {KEY: ROWS}
    assert cloud.last.endpoint == "getDevicePointMinuteDataList"
    assert cloud.last.fields["device_type"] == "14"
    assert cloud.last.fields["ps_key_list"] == [KEY]
    assert cloud.last.fields["minute_interval"] == "5"


@LOGIN
async def test_minutes_of_plants_in_the_login_flavour(
    client: SungrowClient, cloud: Cloud
) -> None:
    cloud.usual = ok({"5123456_11_0_0": ROWS})
    found = await client.minute_history(["5123456"], ["83022"], START, END)
    assert found == {"5123456": ROWS}
    assert cloud.last.endpoint == "getDevicePointMinuteDataList"
    assert cloud.last.fields["device_type"] == "11"
    assert cloud.last.fields["ps_key_list"] == ["5123456_11_0_0"]


@OAUTH
async def test_minutes_of_many_points_are_put_together(
    client: SungrowClient, cloud: Cloud
) -> None:
    def answer(asked: Asked) -> Any:
        names = asked.fields["points"].split(",")
        row = {"time_stamp": "20260901000000", **dict.fromkeys(names, "1")}
        return ok({plant: [row] for plant in asked.fields["ps_id_list"]})

    cloud.usual = answer
    points = [str(83000 + number) for number in range(60)]
    plants = [str(number) for number in range(51)]
    found = await client.minute_history(plants, points, START, END)
    assert len(cloud.asked) == 4
    assert list(found) == plants
    assert all(len(rows) == 1 and len(rows[0]) == 61 for rows in found.values())


@OAUTH
@pytest.mark.parametrize("data", [None, [], {"1": None}, {"1": ["x", {}]}])
async def test_odd_minutes_are_none(
    client: SungrowClient, cloud: Cloud, data: Any
) -> None:
    cloud.usual = ok(data)
    found = await client.minute_history(["1"], ["83022"], START, END)
    assert not any(found.values())


@pytest.mark.parametrize(
    ("period", "names", "start", "end"),
    [
        (Period.DAY, ("day", "1"), "20260801", "20260831"),
        (Period.MONTH, ("month", "2"), "202608", "202608"),
        (Period.YEAR, ("year", "3"), "2026", "2026"),
    ],
)
async def test_longer_periods(
    client: SungrowClient,
    cloud: Cloud,
    flavour: Flavour,
    period: Period,
    names: tuple[str, str],
    start: str,
    end: str,
) -> None:
    login = flavour is Flavour.LOGIN
    rows = [{"time_stamp": start, "2": "20200.0"}]
    key = "5123456_11_0_0" if login else "5123456"
    cloud.usual = ok({key: {"p83022": rows}, "point_dict": [UNIT]})
    found = await client.period_history(
        ["5123456"], ["83022"], date(2026, 8, 1), date(2026, 8, 31), period
    )
    assert found == {"5123456": {"p83022": rows}}
    assert cloud.last.endpoint == (
        "getDevicePointsDayMonthYearDataList"
        if login
        else "getPowerStationPointDayMonthYearDataList"
    )
    fields = cloud.last.fields
    assert fields["query_type"] == names[login]
    assert (fields["start_time"], fields["end_time"]) == (start, end)
    assert (fields["data_type"], fields["data_point"]) == ("2", "p83022")


@OAUTH
async def test_longer_periods_of_devices(client: SungrowClient, cloud: Cloud) -> None:
    cloud.usual = ok({KEY: {"p13134": [{"time_stamp": "202608", "4": "7"}]}})
    found = await client.period_history(
        [KEY],
        ["13134"],
        date(2026, 8, 1),
        date(2026, 8, 31),
        Period.MONTH,
        device_type="14",
        value=Value.TOTAL,
    )
    assert found[KEY]["p13134"] == [{"time_stamp": "202608", "4": "7"}]
    assert cloud.last.endpoint == "getDevicePointDayMonthYearDataList"
    assert cloud.last.fields["data_type"] == "4"
