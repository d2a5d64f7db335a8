"""Counters, statistics and series of SEMS+ (reference sections 3.7, 3.10, 3.11, 7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from simulator.clock import ManualClock

from .goodwe_client import Portal

STATISTICS = "sems-plant/api/stations/statistics"
PRODUCTION = "sems-plant/api/stations/production"
SERIES = "sems-plant/api/v1/hems/power/statisticsAndPreV2"
ITEMS = [
    "proSystemTotalStats",
    "proConsumStats",
    "proGridStats",
    "proPurchaseStats",
    "proSelfConsumStats",
    "proCharStats",
    "proDischarStats",
]
TODAY = date(2026, 5, 3)


def _span(first: date, last: date) -> dict[str, str]:
    return {"startTime": f"{first} 00:00:00", "endTime": f"{last} 23:59:59"}


async def _ask(portal: Portal, dimension: str, first: date, last: date) -> Any:
    body = {
        "stationId": portal.station.id,
        "isReport": False,
        "items": ITEMS,
        "dimension": dimension,
        **_span(first, last),
    }
    return await portal.post(STATISTICS, body)


async def _values(
    portal: Portal, dimension: str, first: date, last: date
) -> dict[str, dict[str, float]]:
    data = (await _ask(portal, dimension, first, last))["data"]
    return {
        series["item"]: {it["date"]: it["val"] for it in series["statisticsList"]}
        for series in data["dataList"]
    }


async def test_the_day_is_what_the_house_did(portal: Portal) -> None:
    energy = portal.station.house.energy_on(TODAY)
    assert energy is not None
    data = (await _ask(portal, "day", TODAY, TODAY))["data"]
    values = await _values(portal, "day", TODAY, TODAY)
    assert list(values) == ITEMS
    assert values["proSystemTotalStats"]["2026-05-03"] == pytest.approx(
        energy.solar_wh / 1000, abs=0.02
    )
    assert values["proPurchaseStats"]["2026-05-03"] == pytest.approx(
        energy.import_wh / 1000, abs=0.02
    )
    made = energy.solar_wh + energy.discharge_wh - energy.charge_wh
    assert data["production"] == pytest.approx(made / 1000, abs=0.02)
    assert 0 <= data["contributionRate"] <= 100


async def test_days_make_months_years_and_lifetime(portal: Portal) -> None:
    created = portal.station.ledger.created
    first = date(2026, 4, 1)
    days = await _values(portal, "day", first, date(2026, 4, 30))
    months = await _values(portal, "month", date(2026, 1, 1), date(2026, 12, 31))
    solar, counters = "proSystemTotalStats", "proPvStatsTotal"
    assert len(days[solar]) == 30
    assert list(months[solar]) == [f"2026-{month:02d}" for month in range(1, 6)]
    assert sum(days[solar].values()) == pytest.approx(months[solar]["2026-04"], abs=0.2)
    total = 0.0
    for year in range(created.year, 2027):
        values = await _values(portal, "year", date(year, 1, 1), date(year, 12, 31))
        total += values[solar][str(year)]
    counted = await portal.factors("telecounting", "INVERTER")
    assert float(counted[counters]) == pytest.approx(total, abs=0.1)
    assert sum(months[solar].values()) == pytest.approx(
        float(counted["proPvStatsYear"]), abs=0.1
    )


async def test_several_years_are_all_zero(portal: Portal) -> None:
    span = date(2025, 1, 1), date(2026, 12, 31)
    values = await _values(portal, "year", *span)
    assert values["proConsumStats"] == {"2025": 0, "2026": 0}
    portal.sim.cloud.multi_year = "values"
    values = await _values(portal, "year", *span)
    assert values["proConsumStats"]["2025"] > 1_000


async def test_bodies_that_are_refused_or_find_nothing(portal: Portal) -> None:
    answer = await _ask(portal, "total", TODAY, TODAY)
    assert answer["code"] == "S0327"
    body = {
        "stationId": portal.station.id,
        "isReport": False,
        "dimension": "day",
        **_span(TODAY, TODAY),
    }
    assert (await portal.post(STATISTICS, body | {"item": ITEMS}))["data"] == {}
    number = body | {"items": ITEMS, "isReport": 0}
    assert (await portal.post(STATISTICS, number))["data"] == {}
    wrong = body | {"items": ITEMS, "startTime": "today"}
    assert (await portal.post(STATISTICS, wrong))["code"] == "P0214"
    long = await _values(portal, "day", TODAY - timedelta(days=40), TODAY)
    assert long["proConsumStats"] == {}
    portal.sim.cloud.most_days = 366
    long = await _values(portal, "day", TODAY - timedelta(days=40), TODAY)
    assert len(long["proConsumStats"]) == 41


async def test_series_that_are_not_reported(portal: Portal) -> None:
    portal.sim.cloud.missing_series = {"proGridStats", "proPurchaseStats"}
    portal.sim.cloud.numbers = "text"
    values = await _values(portal, "day", TODAY, TODAY)
    assert "proPurchaseStats" not in values
    assert isinstance(values["proConsumStats"]["2026-05-03"], str)


@pytest.mark.parametrize("stations", [("string",)])
async def test_no_battery_no_battery_series(portal: Portal) -> None:
    values = await _values(portal, "day", TODAY, TODAY)
    assert list(values) == ITEMS[:5]
    counted = await portal.factors("telecounting", "INVERTER")
    assert "proCharStatsTotal" not in counted


async def test_income_is_flat_with_its_currency(portal: Portal) -> None:
    body = {
        "stationId": portal.station.id,
        "items": ["proGridStats", "profitProStats", "profitGridStats"],
        "dimension": "day",
        **_span(TODAY, TODAY),
    }
    income = (await portal.post(PRODUCTION, body))["data"]
    assert income.keys() == {*body["items"], "currency"}
    assert income["currency"] == "EUR"
    assert income["profitGridStats"] == pytest.approx(
        income["proGridStats"] * 0.08, abs=0.01
    )
    assert income["profitProStats"] > income["profitGridStats"]


async def test_counters_of_devices(portal: Portal) -> None:
    inverter = await portal.factors("telecounting", "INVERTER")
    meter = await portal.factors("telecounting", "SMART_METER")
    assert inverter["ratedPower"] == "10"
    assert {f"proDischarStats{it}" for it in ("Today", "Week", "Total")} <= set(
        inverter
    )
    energy = portal.station.house.energy_on(TODAY)
    assert energy is not None
    assert float(meter["proGridStatsToday"]) == pytest.approx(
        energy.export_wh / 1000, abs=0.02
    )
    for nothing in ("DONGLE", "BAT_SYS"):
        assert await portal.factors("telecounting", nothing) == {}


async def test_counters_are_late_at_midnight(portal: Portal) -> None:
    async def told() -> tuple[float, float, float]:
        counted = await portal.factors("telecounting", "INVERTER")
        values = await _values(portal, "day", *_both)
        return (
            float(counted["proPvStatsToday"]),
            float(counted["proPvStatsTotal"]),
            values["proSystemTotalStats"]["2026-05-04"],
        )

    _both = (TODAY, TODAY + timedelta(days=1))
    portal.station.house.override(pv_w=None)
    portal.clock.set(datetime(2026, 5, 3, 21, 59, tzinfo=UTC))
    before = await portal.factors("telecounting", "INVERTER")
    portal.clock.set(datetime(2026, 5, 3, 22, 4, tzinfo=UTC))
    assert (await told())[0] == 0
    portal.sim.cloud.late_midnight = 600
    today, total, series = await told()
    assert today == series == float(before["proPvStatsToday"])
    assert total == float(before["proPvStatsTotal"])
    portal.sim.cloud.midnight_zero = True
    assert (await told())[1] == 0
    portal.clock.set(datetime(2026, 5, 3, 22, 10, tzinfo=UTC))
    assert await told() == (0, total, 0)


async def _minutes(
    portal: Portal, day: date, **more: Any
) -> dict[str, dict[str, float | None]]:
    body = {
        "stationId": portal.station.id,
        "items": ["pSystem", "soc", "pBat", "pConsum", "pGrid"],
        "timeScale": 1,
        "timeZone": -2,
        **_span(day, day),
    }
    data = (await portal.post(SERIES, body | more))["data"]
    return {
        series["item"]: {
            it["tp"]: it["power"] for it in series[portal.sim.cloud.series_as]
        }
        for series in data["dataList"]
    }


async def test_power_of_a_day_by_minutes(portal: Portal) -> None:
    day = date(2026, 5, 2)
    series = await _minutes(portal, day)
    assert {len(points) for points in series.values()} == {1440}
    assert list(series["pGrid"])[:2] == ["2026-05-02 00:00:00", "2026-05-02 00:01:00"]
    totals = await _values(portal, "day", day, day)
    hours = 1 / 60
    solar = sum(it or 0 for it in series["pSystem"].values()) * hours
    assert solar == pytest.approx(totals["proSystemTotalStats"]["2026-05-02"], abs=0.02)
    export = sum(max(it or 0, 0) for it in series["pGrid"].values()) * hours
    assert export == pytest.approx(totals["proGridStats"]["2026-05-02"], rel=0.1)
    portal.sim.cloud.series_as = "statisticsList"
    portal.sim.cloud.series_nulls = 10
    lacking = await _minutes(portal, day)
    assert sum(it is None for it in lacking["pBat"].values()) == 144


async def test_old_days_have_no_series(portal: Portal) -> None:
    series = await _minutes(portal, date(2025, 7, 1))
    assert series["pSystem"] == {}
    values = await _values(portal, "day", date(2025, 7, 1), date(2025, 7, 1))
    assert values["proSystemTotalStats"]["2025-07-01"] > 5
    other = f"sems-plant/api/v1/hems/power/{portal.station.id}"
    assert (await portal.post(other, {"items": []}))["code"] == "P0214"


@pytest.mark.parametrize(
    ("clock", "day", "hours"),
    [
        (ManualClock(datetime(2026, 3, 30, 10, tzinfo=UTC)), date(2026, 3, 29), 23),
        (ManualClock(datetime(2026, 10, 26, 10, tzinfo=UTC)), date(2026, 10, 25), 25),
    ],
)
async def test_days_of_another_length(portal: Portal, day: date, hours: int) -> None:
    body = {"stationId": portal.station.id, "items": ["pConsum"], "timeZone": -1}
    answer = await portal.post(SERIES, body | _span(day, day))
    (series,) = answer["data"]["dataList"]
    stamps = [it["tp"] for it in series["powerData"]]
    assert len(stamps) == hours * 60
    assert stamps.count(f"{day} 02:30:00") == hours - 23
