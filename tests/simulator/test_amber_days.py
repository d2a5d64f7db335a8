"""The sites of an account and the prices of days (amber.md sections 3.1 and 3.3)."""

from datetime import UTC, datetime, timedelta

import pytest

from simulator.amber import AmberSimulator, Site
from simulator.clock import ManualClock

from .amber_client import (
    CLOSED,
    PENDING,
    PLAIN,
    SITE,
    AmberClient,
    only,
    running,
)
from .amber_shapes import SITE as SITE_SHAPE, begin_of, end_of, odd, problems

BOUNDARY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


# Sites


async def test_sites_have_the_documented_fields(cloud: AmberClient) -> None:
    sites = await cloud.read("sites")
    assert [problems(site, SITE_SHAPE) for site in sites] == [[]] * 5
    assert [site["status"] for site in sites] == [
        *("active", "active", "pending", "closed", "active")
    ]
    assert [site["intervalLength"] for site in sites] == [5, 30, 5, 30, 5]
    assert sites[1]["nmi"].startswith("0")
    assert [("closedOn" in site) for site in sites].index(True) == 3


async def test_the_interval_length_can_be_absent(
    cloud: AmberClient, site: Site
) -> None:
    site.interval_length = None
    assert "intervalLength" not in (await cloud.read("sites"))[0]
    assert running(await cloud.current())["duration"] == 30


async def test_a_channel_can_appear_later(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.sites[PLAIN].add_channel("B1", "feedIn", since=noon() + timedelta(hours=1))
    assert only(await cloud.current(PLAIN), "CurrentInterval", "feedIn") == []
    noon.advance(3600)
    assert only(await cloud.current(PLAIN), "CurrentInterval", "feedIn")
    channels = (await cloud.read("sites"))[4]["channels"]
    assert [channel["type"] for channel in channels] == ["general", "feedIn"]


async def test_a_site_that_has_moved_is_gone(cloud: AmberClient, site: Site) -> None:
    site.listed = False
    assert SITE not in {each["id"] for each in await cloud.read("sites")}
    assert (await cloud.get(f"sites/{SITE}/prices/current")).status == 404


# Prices of days


async def test_prices_of_days(cloud: AmberClient, amber: AmberSimulator) -> None:
    found = await cloud.prices("2026-10-03", "2026-10-05")
    assert [odd(entry) for entry in found] == [[]] * len(found)
    actual = only(found, "ActualInterval")
    assert len(actual) == 2 * 288 + 144
    assert begin_of(actual[0]) == datetime(2026, 10, 2, 14, tzinfo=UTC)
    for entry in actual[::50]:
        assert entry["perKwh"] == amber.truth.price(SITE, begin_of(entry))
    assert begin_of(running(found)) == BOUNDARY
    ahead = only(found, "ForecastInterval")
    assert end_of(ahead[-1]) == datetime(2026, 10, 5, 14, tzinfo=UTC)
    assert ahead[-1]["date"] == "2026-10-05"
    assert ahead[-1]["nemTime"] == "2026-10-06T00:00:00+10:00"


async def test_both_dates_default_to_today(cloud: AmberClient) -> None:
    found = await cloud.read(f"sites/{SITE}/prices")
    assert {entry["date"] for entry in found} == {"2026-10-05"}


async def test_eight_days_pass_and_nine_do_not(cloud: AmberClient) -> None:
    assert await cloud.prices("2026-09-20", "2026-09-27", resolution=30)
    for endpoint in ("prices", "usage"):
        refused = await cloud.get(
            f"sites/{SITE}/{endpoint}", startDate="2026-09-20", endDate="2026-09-28"
        )
        assert refused.status == 422
        assert refused.text == "Range requested is too large. Maximum 7 days."


async def test_history_begins_somewhere(cloud: AmberClient) -> None:
    found = only(await cloud.prices("2025-02-27", "2025-03-01"), "ActualInterval")
    assert {entry["date"] for entry in found} == {"2025-03-01"}
    assert len(found) == 288


async def test_forecasts_of_days_end_with_the_horizon(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.horizon_hours = 20
    found = await cloud.prices("2026-10-06", "2026-10-08")
    assert found[-1]["nemTime"] == "2026-10-06T08:00:00+10:00"
    assert {entry["type"] for entry in found} == {"ForecastInterval"}
    ahead = only(await cloud.current(next=288), "ForecastInterval")
    assert ahead[-1]["nemTime"] == "2026-10-06T08:00:00+10:00"


async def test_previous_intervals_end_where_history_begins(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.prices_since = noon().date()
    found = await cloud.current(previous=1000)
    assert len(only(found, "ActualInterval")) == 144


async def test_an_outage_of_days(cloud: AmberClient, site: Site) -> None:
    site.outage = "actuals"
    found = await cloud.prices("2026-10-04", "2026-10-06")
    assert {entry["type"] for entry in found} == {"ActualInterval"}
    site.outage = "empty"
    assert await cloud.prices("2026-10-04", "2026-10-06") == []


async def test_without_a_start_date_it_fails_before_midnight(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    noon.set(datetime(2026, 10, 5, 13, 56, tzinfo=UTC))
    path = f"sites/{SITE}/prices"
    failed = await cloud.get(path, endDate="2026-10-06")
    assert (failed.status, failed.body) == (502, {"message": "Internal server error"})
    assert (await cloud.get(path, startDate="2026-10-05")).status == 200
    amber.midnight_minutes = 0
    assert (await cloud.get(path, endDate="2026-10-06")).status == 200


@pytest.mark.parametrize(
    ("start", "end"), [("2026-10-05", "2026-10-04"), ("20261005", "x"), ("5", "6")]
)
async def test_bad_dates(cloud: AmberClient, start: str, end: str) -> None:
    for endpoint in ("prices", "usage"):
        path = f"sites/{SITE}/{endpoint}"
        assert (await cloud.get(path, startDate=start, endDate=end)).status == 400


async def test_a_site_that_was_closed_has_its_past(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    closed = amber.sites[CLOSED].closed_on
    assert closed is not None
    day, after = closed.isoformat(), (closed + timedelta(days=2)).isoformat()
    found = await cloud.prices(day, after, CLOSED)
    assert {entry["date"] for entry in found} == {day}
    assert await cloud.prices(day, after, PENDING) == []
