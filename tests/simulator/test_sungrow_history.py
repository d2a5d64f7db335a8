"""History of the iSolarCloud simulator (reference section 7)."""

from datetime import date
from typing import Any

import pytest

from simulator.sungrow import SungrowSimulator

from .sungrow_client import Gateway
from .sungrow_desk import HOME, Desk

DAY = date(2026, 5, 2)
# 13:10 on the third of May: that day is not in the history
MINUTES = {
    "ps_id_list": [HOME],
    "points": "p83022,p83102,p83024,p83549",
    "start_time_stamp": "20260502090000",
    "end_time_stamp": "20260502120000",
    "minute_interval": "60",
}
DAYS = {
    "query_type": "day",
    "data_type": "2",
    "ps_id_list": [HOME],
    "data_point": "p83022",
    "start_time": "20260430",
    "end_time": "20260503",
    "order": "0",
}
MINUTE, PERIOD = (
    "getPowerStationPointMinuteDataList",
    "getPowerStationPointDayMonthYearDataList",
)


@pytest.fixture
def desk(gateway: Gateway) -> Desk:
    return Desk(gateway)


async def test_a_sample_of_ten_is_the_end_of_nine_to_ten(desk: Desk) -> None:
    answer = await desk.data(MINUTE, **MINUTES)
    rows = answer[HOME]
    assert [row["time_stamp"][8:12] for row in rows] == ["0900", "1000", "1100", "1200"]
    truth = desk.plant.house.records(DAY)
    nine = [record.pv_w / 12 for record in truth[9 * 12 : 10 * 12]]
    grown = float(rows[1]["p83022"]) - float(rows[0]["p83022"])
    assert grown == pytest.approx(sum(nine), abs=0.2)
    lifetime = float(rows[1]["p83024"]) - float(rows[0]["p83024"])
    assert lifetime == pytest.approx(grown, abs=0.3)


async def test_points_without_data_are_absent(desk: Desk) -> None:
    answer = await desk.data(MINUTE, **MINUTES, is_get_point_dict="1")
    assert "p83549" not in answer[HOME][0]
    assert answer["illegal_ps_id_list"] == []
    assert [entry["point_id"] for entry in answer["point_dict"]] == [
        "83022",
        "83102",
        "83024",
        "83549",
    ]


async def test_daily_counters_are_zero_at_midnight_and_lifetime_ones_go_on(
    desk: Desk,
) -> None:
    answer = await desk.data(
        MINUTE,
        **MINUTES
        | {"start_time_stamp": "20260501230000", "end_time_stamp": "20260502000000"},
    )
    before, midnight = answer[HOME]
    assert (midnight["time_stamp"], midnight["p83022"]) == ("20260502000000", "0.0")
    assert float(before["p83022"]) > 0
    assert midnight["p83024"] == before["p83024"]


@pytest.mark.parametrize("ends", [True, False])
async def test_the_current_day_is_never_there(
    sungrow: SungrowSimulator, desk: Desk, ends: bool
) -> None:
    sungrow.cloud.history_midnight = ends
    answer = await desk.data(
        MINUTE,
        **MINUTES
        | {"start_time_stamp": "20260502230000", "end_time_stamp": "20260503010000"},
    )
    assert [row["time_stamp"] for row in answer[HOME]] == [
        "20260502230000",
        *(["20260503000000"] * ends),
    ]


async def test_days_that_are_not_over_can_be_refused(
    sungrow: SungrowSimulator, desk: Desk
) -> None:
    """The midnight that ends yesterday, and a month that has begun, are none."""
    sungrow.cloud.history_future = "refused"
    evening = MINUTES | {"start_time_stamp": "20260502230000"}
    months = DAYS | {"query_type": "month", "data_type": "4", "start_time": "202604"}
    for endpoint, body, end, code in (
        (MINUTE, evening, {"end_time_stamp": "20260503000000"}, "1"),
        (MINUTE, evening, {"end_time_stamp": "20260503010000"}, "010"),
        (PERIOD, DAYS, {"end_time": "20260502"}, "1"),
        (PERIOD, DAYS, {"end_time": "20260503"}, "010"),
        (PERIOD, months, {"end_time": "202604"}, "1"),
        (PERIOD, months, {"end_time": "202605"}, "010"),
    ):
        assert await desk.code(endpoint, **body | end) == code, end


@pytest.mark.parametrize(
    ("interval", "count"), [("5", 37), ("15", 13), ("30", 7), ("60", 4)]
)
async def test_intervals(desk: Desk, interval: str, count: int) -> None:
    answer = await desk.data(MINUTE, **MINUTES | {"minute_interval": interval})
    assert len(answer[HOME]) == count


async def test_rows_can_have_an_upload_time_and_gaps(desk: Desk) -> None:
    desk.sim.cloud.upload_time = True
    desk.sim.cloud.history_lacks = 2
    rows = (await desk.data(MINUTE, **MINUTES))[HOME]
    assert [row["pST001"][8:10] for row in rows] == ["09", "11"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"end_time_stamp": "20260502120100"}, id="span"),
        pytest.param({"end_time_stamp": "20260502080000"}, id="backwards"),
        pytest.param({"minute_interval": "7"}, id="interval"),
        pytest.param({"points": ",".join(f"p{n}" for n in range(51))}, id="points"),
        pytest.param({"points": "83022"}, id="letter"),
        pytest.param({"ps_id_list": [str(n) for n in range(51)]}, id="plants"),
        pytest.param({"start_time_stamp": "2026-05-02"}, id="time"),
    ],
)
async def test_caps_of_minutes(desk: Desk, body: dict[str, Any]) -> None:
    assert await desk.code(MINUTE, **MINUTES | body) == "010"


async def test_minutes_of_devices_and_of_strangers(desk: Desk) -> None:
    body = {key: MINUTES[key] for key in MINUTES if key != "ps_id_list"}
    key = desk.hybrid.ps_key
    answer = await desk.data(
        "getDevicePointMinuteDataList",
        **body | {"points": "p13141,p13146", "device_type": "14"},
        ps_key_list=[key, "1_14_1_1"],
    )
    assert answer["illegal_ps_key_list"] == ["1_14_1_1"]
    assert len(answer[key]) == 4
    assert 0 <= float(answer[key][0]["p13141"]) <= 1


@pytest.mark.parametrize(
    ("kind", "expected"), [("2", "solar"), ("3", "zero"), ("1", "between")]
)
async def test_days_end_yesterday(desk: Desk, kind: str, expected: str) -> None:
    answer = await desk.data(PERIOD, **DAYS | {"data_type": kind})
    rows = answer[HOME]["p83022"]
    assert [row["time_stamp"] for row in rows] == ["20260430", "20260501", "20260502"]
    truth = desk.plant.house.energy_on(DAY)
    assert truth is not None
    last = float(rows[-1][kind])
    if expected == "solar":
        assert last == pytest.approx(truth.solar_wh, abs=0.1)
    else:
        assert 0 <= last < truth.solar_wh
        assert (last == 0) is (expected == "zero")


async def test_power_of_days_has_a_peak_and_newest_can_be_first(desk: Desk) -> None:
    answer = await desk.data(PERIOD, **DAYS | {"data_point": "p83067", "order": "1"})
    rows = answer[HOME]["p83067"]
    assert rows[0]["time_stamp"] == "20260502"
    truth = max(record.pv_w for record in desk.plant.house.records(DAY))
    assert float(rows[0]["2"]) == pytest.approx(truth, abs=0.1)


async def test_months_and_years_total_the_days(desk: Desk) -> None:
    month = await desk.data(
        PERIOD,
        **DAYS
        | {
            "query_type": "month",
            "data_type": "4",
            "start_time": "202605",
            "end_time": "202605",
        },
    )
    (row,) = month[HOME]["p83022"]
    house = desk.plant.house
    truth = [house.energy_on(date(2026, 5, day)) for day in (1, 2)]
    total = sum(day.solar_wh for day in truth if day)
    assert row["time_stamp"] == "202605"
    assert float(row["4"]) == pytest.approx(total, abs=0.2)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"start_time": "20260101"}, id="days"),
        pytest.param({"query_type": "1"}, id="flavour"),
        pytest.param({"data_type": "4"}, id="total-of-days"),
        pytest.param({"start_time": "202604"}, id="time"),
        pytest.param(
            {"query_type": "month", "start_time": "202401", "end_time": "202605"},
            id="months",
        ),
        pytest.param(
            {"query_type": "year", "start_time": "2020", "end_time": "2026"},
            id="years",
        ),
    ],
)
async def test_caps_of_periods(desk: Desk, body: dict[str, Any]) -> None:
    assert await desk.code(PERIOD, **DAYS | body) == "010"


async def test_periods_of_v1_have_numbers(gateway: Gateway) -> None:
    login = Desk(gateway, v1=True)
    body = {key: DAYS[key] for key in DAYS if key != "ps_id_list"}
    answer = await login.data(
        "getDevicePointsDayMonthYearDataList",
        **body | {"query_type": "1"},
        device_type="11",
        ps_key_list=["5123456_11_0_0"],
    )
    assert len(answer["5123456_11_0_0"]["p83022"]) == 3
    assert set(answer) == {"5123456_11_0_0"}
