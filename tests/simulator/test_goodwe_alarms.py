"""Alarms of SEMS+ (reference section 3.12)."""

from datetime import timedelta
from typing import Any

import pytest

from simulator.goodwe import Alarm

from .goodwe_client import Portal

COUNTS = "sems-alarm/api/alarm/statistics"
PAGE = "sems-alarm/api/v2/alarm/page"


@pytest.fixture
async def alarmed(portal: Portal) -> Portal:
    """Return a client whose inverter had an alarm, has one, and will have one."""
    now, sn = portal.clock(), portal.device("INVERTER").sn
    portal.station.alarms += [
        Alarm(
            id="w1",
            sn=sn,
            start=now - timedelta(hours=2),
            end=now - timedelta(hours=2) + timedelta(seconds=66),
        ),
        Alarm(id="w2", sn=sn, start=now, name="Fan fault", level="alarm", code="23"),
        Alarm(id="w3", sn=sn, start=now + timedelta(hours=1)),
    ]
    return portal


async def _page(portal: Portal, **more: Any) -> Any:
    body = {"pageIndex": 1, "pageSize": 20, "stationIds": [portal.station.id]}
    return (await portal.post(PAGE, body | more))["data"]


async def _ids(portal: Portal, **more: Any) -> list[str]:
    return [row["warningid"] for row in (await _page(portal, **more))["dataList"]]


async def test_counts_are_texts(alarmed: Portal) -> None:
    body = {"stationIds": [alarmed.station.id]}
    counts = (await alarmed.post(COUNTS, body))["data"]
    assert counts == {"total": "2", "happened": "1", "recovery": "1"}
    alarmed.clock.advance(3600)
    assert (await alarmed.post(COUNTS, body))["data"]["happened"] == "2"
    assert (await alarmed.post(COUNTS, {}))["code"] == "P0214"
    assert (await alarmed.post(COUNTS, {"stationIds": ["x"]}))["code"] == "100025"


async def test_rows_tell_what_is_and_what_was(alarmed: Portal) -> None:
    now, old = (await _page(alarmed))["dataList"]
    start = int(alarmed.clock().timestamp() * 1000)
    assert (now["warningNameEn"], now["warning_code"]) == ("Fan fault", "23")
    assert (now["status"], now["alarmLevel"]) == (0, "Total_FaultLevel_alarm")
    assert (now["happentime"], now["recoverytime"]) == (str(start), None)
    assert now["devicesn"] == alarmed.device("INVERTER").sn
    assert (old["status"], old["duration"]) == (1, "1m 6s")
    assert int(old["recoverytime"]) - int(old["happentime"]) == 66_000


async def test_filters_and_pages(alarmed: Portal) -> None:
    assert await _ids(alarmed) == ["w2", "w1"]
    assert await _ids(alarmed, status=0) == ["w2"]
    assert await _ids(alarmed, status="1") == ["w1"]
    assert await _ids(alarmed, pageIndex=2, pageSize=1) == ["w1"]
    span = {
        "timeType": 1,
        "startTime": "2026-05-03 11:00:00",
        "endTime": "2026-05-03 12:00:00",
    }
    assert await _ids(alarmed, **span) == ["w1"]
    assert await _ids(alarmed, **span | {"timeType": 0}) == ["w2", "w1"]


async def test_an_open_alarm_is_seen_in_the_status(alarmed: Portal) -> None:
    assert alarmed.device("INVERTER").status == "2"
    assert (await alarmed.info())["status"] == "2"
    alarmed.station.alarms.clear()
    assert (await alarmed.info())["status"] == "1"
