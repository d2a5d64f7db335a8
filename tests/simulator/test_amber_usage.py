"""Metered energy and its cost (amber.md section 3.4)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from simulator.amber import AmberSimulator, Site
from simulator.clock import ManualClock

from .amber_client import CLOSED, HALF_HOURLY, PENDING, SITE, AmberClient
from .amber_shapes import begin_of, odd

YESTERDAY = date(2026, 10, 4)


@pytest.fixture(autouse=True)
def all_readable(amber: AmberSimulator) -> None:
    """Have only those days estimated that a test names."""
    for site in amber.sites.values():
        site.estimated_share = 0


async def test_records_have_the_documented_fields(cloud: AmberClient) -> None:
    for site_id, records in ((SITE, 3 * 288), (HALF_HOURLY, 2 * 48)):
        found = await cloud.usage("2026-10-04", "2026-10-04", site_id)
        assert len(found) == records
        assert [odd(record) for record in found] == [[]] * records
        assert {record["date"] for record in found} == {"2026-10-04"}
        for record in found:
            cost = record["kwh"] * record["perKwh"]
            assert record["cost"] == pytest.approx(cost, abs=5e-5)


async def test_a_nem_day_is_24_hours_also_when_clocks_change(
    cloud: AmberClient,
) -> None:
    # Clocks in Sydney went forward on this day
    found = await cloud.usage("2026-10-04", "2026-10-04")
    general = [record for record in found if record["channelIdentifier"] == "E1"]
    assert begin_of(general[0]) == datetime(2026, 10, 3, 14, tzinfo=UTC)
    assert begin_of(general[-1]) == datetime(2026, 10, 4, 13, 55, tzinfo=UTC)
    assert len({record["startTime"] for record in general}) == 288


async def test_prices_are_those_of_the_actual_intervals(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    found = await cloud.usage("2026-10-04", "2026-10-04")
    for record in found[::37]:
        channel = record["channelType"]
        assert record["perKwh"] == amber.truth.price(SITE, begin_of(record), channel)


async def test_registers_count_what_the_house_does(cloud: AmberClient) -> None:
    found = await cloud.usage("2026-10-01", "2026-10-04")
    energy = {
        name: sum(record["kwh"] for record in found if record["channelType"] == name)
        for name in ("general", "controlledLoad", "feedIn")
    }
    assert 10 < energy["general"] < 100
    assert 10 < energy["controlledLoad"] < 40
    assert 20 < energy["feedIn"] < 200
    assert all(record["kwh"] >= 0 for record in found)
    both = {
        begin_of(record)
        for record in found
        if record["channelType"] == "general" and record["kwh"] > 0
    } & {
        begin_of(record)
        for record in found
        if record["channelType"] == "feedIn" and record["kwh"] > 0
    }
    assert both == set()


async def test_the_truth_is_the_sum_of_the_records(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    found = await cloud.usage("2026-09-28", "2026-10-04")
    truth = amber.truth.usage(SITE, date(2026, 9, 28), YESTERDAY)
    assert truth.records == sorted(found, key=lambda record: record["date"])
    assert set(truth.channels) == {"E1", "E2", "B1"}
    for identifier, total in truth.channels.items():
        records = [each for each in found if each["channelIdentifier"] == identifier]
        assert total.kwh == sum(Decimal(str(each["kwh"])) for each in records)
        assert total.cost == sum(Decimal(str(each["cost"])) for each in records)
    assert truth.channels["B1"].cost < 0 < truth.channels["E1"].cost
    assert truth.cost == sum(total.cost for total in truth.channels.values())


async def test_a_day_appears_the_day_after(
    cloud: AmberClient, noon: ManualClock, site: Site
) -> None:
    assert await cloud.usage("2026-10-05", "2026-10-06") == []
    noon.set(datetime.fromisoformat("2026-10-06T04:59:59+10:00"))
    assert await cloud.usage("2026-10-05", "2026-10-05") == []
    noon.advance(1)
    assert len(await cloud.usage("2026-10-05", "2026-10-05")) == 3 * 288
    site.late_days[date(2026, 10, 5)] = noon() + timedelta(days=2)
    assert await cloud.usage("2026-10-05", "2026-10-05") == []
    noon.advance(2 * 86_400)
    assert await cloud.usage("2026-10-05", "2026-10-05")
    site.withheld.add(date(2026, 10, 5))
    assert await cloud.usage("2026-10-05", "2026-10-05") == []


async def test_the_running_day_can_be_there_in_part(
    cloud: AmberClient, site: Site
) -> None:
    site.partial_today = True
    found = await cloud.usage("2026-10-04", "2026-10-05")
    today = [record for record in found if record["date"] == "2026-10-05"]
    assert {record["quality"] for record in today} == {"estimated"}
    assert len(today) == 3 * (144 - 6)


async def test_an_estimated_day_becomes_billable_with_other_numbers(
    cloud: AmberClient, amber: AmberSimulator, site: Site, noon: ManualClock
) -> None:
    site.estimated_days.add(YESTERDAY)
    before = await cloud.usage("2026-10-04", "2026-10-04")
    assert {record["quality"] for record in before} == {"estimated"}
    noon.set(datetime.fromisoformat("2026-10-08T04:59:59+10:00"))
    assert await cloud.usage("2026-10-04", "2026-10-04") == before
    noon.advance(1)
    after = await cloud.usage("2026-10-04", "2026-10-04")
    assert {record["quality"] for record in after} == {"billable"}
    assert sum(record["kwh"] for record in before) != pytest.approx(
        sum(record["kwh"] for record in after), rel=0.001
    )
    assert amber.truth.usage(SITE, YESTERDAY, YESTERDAY).records == after


async def test_some_days_are_estimated_by_themselves(
    cloud: AmberClient, site: Site
) -> None:
    site.estimated_share, site.estimated_for = 0.3, 100
    found = await cloud.usage("2026-09-27", "2026-10-04")
    days = {record["date"] for record in found if record["quality"] == "estimated"}
    assert 0 < len(days) < 8


async def test_a_correction_counts_from_its_time_on(
    cloud: AmberClient, amber: AmberSimulator, site: Site, noon: ManualClock
) -> None:
    site.correct(YESTERDAY, 1.1, noon() + timedelta(hours=1))
    before = await cloud.usage("2026-10-04", "2026-10-04")
    truth = amber.truth.usage(SITE, YESTERDAY, YESTERDAY)
    assert truth.records != before
    noon.advance(3600)
    after = await cloud.usage("2026-10-04", "2026-10-04")
    assert truth.records == after
    assert sum(record["kwh"] for record in after) == pytest.approx(
        1.1 * sum(record["kwh"] for record in before), rel=0.01
    )


async def test_retention_is_fixed_or_rolling(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    first = date(2026, 7, 8)
    assert amber.usage_since == first
    found = await cloud.usage("2026-07-06", "2026-07-09")
    assert {record["date"] for record in found} == {"2026-07-08", "2026-07-09"}
    noon.advance(10 * 86_400)
    assert await cloud.usage("2026-07-08", "2026-07-08")
    amber.retention = "rolling"
    assert await cloud.usage("2026-07-10", "2026-07-17") == []
    assert await cloud.usage("2026-07-18", "2026-07-18")


async def test_days_before_the_switch_are_half_hours(
    cloud: AmberClient, site: Site
) -> None:
    site.five_minute_since = YESTERDAY
    found = await cloud.usage("2026-10-03", "2026-10-04")
    assert {(record["date"], record["duration"]) for record in found} == {
        ("2026-10-03", 30),
        ("2026-10-04", 5),
    }
    assert len(found) == 3 * (48 + 288)
    prices = await cloud.prices("2026-10-03", "2026-10-04")
    assert {(entry["date"], entry["duration"]) for entry in prices} == {
        ("2026-10-03", 30),
        ("2026-10-04", 5),
    }


async def test_two_general_registers(cloud: AmberClient, site: Site) -> None:
    site.add_channel("E3", "general")
    found = await cloud.usage("2026-10-04", "2026-10-04")
    sums = {
        name: sum(each["kwh"] for each in found if each["channelIdentifier"] == name)
        for name in ("E1", "E3")
    }
    assert 0 < sums["E3"] < sums["E1"]
    live = await cloud.current()
    assert [entry["channelType"] for entry in live] == [
        *("general", "controlledLoad", "feedIn")
    ]


async def test_feed_in_can_be_negative_as_the_specification_says(
    cloud: AmberClient, amber: AmberSimulator, site: Site
) -> None:
    truth = amber.truth.usage(SITE, YESTERDAY, YESTERDAY).channels["B1"]
    site.negative_kwh = True
    found = await cloud.usage("2026-10-04", "2026-10-04")
    total = sum(each["kwh"] for each in found if each["channelIdentifier"] == "B1")
    assert total == pytest.approx(-float(truth.kwh))
    assert amber.truth.usage(SITE, YESTERDAY, YESTERDAY).channels["B1"] == truth


@pytest.mark.parametrize(("site_id", "records"), [(PENDING, 0), (CLOSED, 2 * 2 * 48)])
async def test_only_days_with_supply_have_records(
    cloud: AmberClient, amber: AmberSimulator, site_id: str, records: int
) -> None:
    closed = amber.sites[CLOSED].closed_on
    assert closed is not None
    start = (closed - timedelta(days=1)).isoformat()
    end = (closed + timedelta(days=3)).isoformat()
    assert len(await cloud.usage(start, end, site_id)) == records


async def test_both_dates_are_required(cloud: AmberClient) -> None:
    path = f"sites/{SITE}/usage"
    assert (await cloud.get(path, startDate="2026-10-04")).status == 400
    assert (await cloud.get(path, endDate="2026-10-04")).status == 400


async def test_future_days_could_fail(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.usage_future_fails = True
    path = f"sites/{SITE}/usage"
    dates = {"startDate": "2026-10-05", "endDate": "2026-10-06"}
    assert (await cloud.get(path, **dates)).status == 500
    assert await cloud.usage("2026-10-05", "2026-10-05") == []
