"""Live prices (amber.md section 3.2)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from simulator.amber import AmberSimulator, Site
from simulator.clock import ManualClock

from .amber_client import (
    CLOSED,
    HALF_HOURLY,
    PENDING,
    PLAIN,
    SITE,
    AmberClient,
    only,
    running,
)
from .amber_shapes import begin_of, end_of, odd

BOUNDARY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


# Current prices


@pytest.mark.parametrize("site_id", [SITE, HALF_HOURLY, PLAIN])
async def test_every_interval_has_the_documented_fields(
    cloud: AmberClient, noon: ManualClock, site_id: str
) -> None:
    for seconds in (0, 12, 20_000):
        noon.advance(seconds)
        found = await cloud.current(site_id, previous=30, next=288)
        assert [odd(entry) for entry in found] == [[]] * len(found)


async def test_counts_are_per_channel(cloud: AmberClient) -> None:
    found = await cloud.current(previous=3, next=7)
    for channel in ("general", "controlledLoad", "feedIn"):
        assert len(only(found, "ActualInterval", channel)) == 3
        assert len(only(found, "CurrentInterval", channel)) == 1
        assert len(only(found, "ForecastInterval", channel)) == 7
    light = await cloud.current()
    assert [entry["type"] for entry in light] == ["CurrentInterval"] * 3


async def test_intervals_join(cloud: AmberClient) -> None:
    for site_id in (SITE, HALF_HOURLY):
        found = await cloud.current(site_id, previous=9, next=288)
        general = [entry for entry in found if entry["channelType"] == "general"]
        ends = [end_of(entry) for entry in general[:-1]]
        assert [begin_of(entry) for entry in general[1:]] == ends


@pytest.mark.parametrize(
    ("nem", "end"),
    [("16:20", "17:00"), ("17:10", "18:00"), ("16:00", "17:00"), ("16:25", "17:00")],
)
async def test_5_minute_forecasts_end_on_a_half_hour(
    cloud: AmberClient, noon: ManualClock, nem: str, end: str
) -> None:
    noon.set(datetime.fromisoformat(f"2026-10-05T{nem}:10+10:00"))
    found = only(await cloud.current(next=288), "ForecastInterval")
    short = [entry for entry in found if entry["duration"] == 5]
    assert short[-1]["nemTime"] == f"2026-10-05T{end}:00+10:00"
    assert found[: len(short)] == short
    assert {entry["duration"] for entry in found[len(short) :]} == {30}
    assert end_of(found[-1]) - noon() > timedelta(hours=39)


async def test_an_estimate_becomes_final(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    before = running(await cloud.current())
    truth = amber.truth.price(SITE, noon())
    assert before["estimate"] is True
    assert before["perKwh"] != truth
    assert "advancedPrice" in before
    noon.advance(9.9)
    assert running(await cloud.current()) == before
    noon.advance(0.1)
    assert amber.truth.final_at(SITE, noon()) == noon()
    found = await cloud.current()
    for channel in ("general", "controlledLoad", "feedIn"):
        after = running(found, channel)
        assert after["estimate"] is False
        assert "advancedPrice" not in after
    assert running(found)["perKwh"] == truth
    noon.advance(300)
    (actual,) = only(await cloud.current(previous=1), "ActualInterval")
    assert actual["perKwh"] == truth


async def test_feed_in_can_be_final_later(
    cloud: AmberClient, site: Site, noon: ManualClock
) -> None:
    site.feed_in_delay = 3
    noon.advance(12)
    found = await cloud.current()
    assert running(found)["estimate"] is False
    assert running(found, "feedIn")["estimate"] is True
    noon.advance(1)
    assert running(await cloud.current(), "feedIn")["estimate"] is False


async def test_some_prices_are_never_final_while_they_run(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.timing.force(noon(), None)
    noon.set(BOUNDARY + timedelta(seconds=299))
    estimate = running(await cloud.current())
    assert estimate["estimate"] is True
    assert amber.truth.final_at(SITE, noon()) is None
    truth = amber.truth.price(SITE, noon())
    noon.advance(2)
    (actual,) = only(await cloud.current(previous=1), "ActualInterval")
    assert actual["perKwh"] == truth != estimate["perKwh"]


async def test_a_confirmation_brings_new_forecasts(
    cloud: AmberClient, noon: ManualClock
) -> None:
    before = only(await cloud.current(next=5), "ForecastInterval")
    noon.advance(10)
    after = only(await cloud.current(next=5), "ForecastInterval")
    assert [entry["startTime"] for entry in after] == [
        entry["startTime"] for entry in before
    ]
    assert all(
        one["perKwh"] != other["perKwh"]
        for one, other in zip(before, after, strict=True)
    )


async def test_channels_follow_from_the_spot_price(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.market.force(BOUNDARY, BOUNDARY + timedelta(minutes=5), 10.0)
    noon.advance(10)
    found = await cloud.current(HALF_HOURLY, resolution=5)
    assert running(found)["spotPerKwh"] == running(found, "feedIn")["spotPerKwh"] == 10
    # 12:00 NEM is the solar sponge of its time-of-use tariff
    assert running(found)["perKwh"] == pytest.approx(1.07145 * 10 + 8.25, abs=1e-5)
    earned = -running(found, "feedIn")["perKwh"]
    assert earned == pytest.approx(0.97404 * 10 - 1.86, abs=1e-5)


async def test_feed_in_labels_follow_the_market(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    for spot in (30.0, -20.0):
        amber.market.force(BOUNDARY, BOUNDARY + timedelta(hours=2), spot)
        found = await cloud.current(next=10)
        for entry in only(found, "ForecastInterval", "feedIn"):
            advanced = entry["advancedPrice"]
            assert advanced["low"] > advanced["predicted"] > advanced["high"]
        for entry in only(found, "ForecastInterval"):
            advanced = entry["advancedPrice"]
            assert advanced["low"] < advanced["predicted"] < advanced["high"]


async def test_advanced_prices_reach_a_day(
    cloud: AmberClient, noon: ManualClock, site: Site
) -> None:
    for entry in only(await cloud.current(next=288), "ForecastInterval"):
        near = begin_of(entry) < BOUNDARY + timedelta(days=1)
        assert ("advancedPrice" in entry) is near
    site.advanced = False
    found = await cloud.current(next=288)
    assert not any("advancedPrice" in entry for entry in found)


async def test_spikes(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.market.force(BOUNDARY, BOUNDARY + timedelta(hours=1), 400.0)
    noon.advance(10)
    found = await cloud.current(next=1)
    (forecast,) = only(found, "ForecastInterval")
    assert (forecast["spikeStatus"], forecast["descriptor"]) == ("potential", "spike")
    assert running(found)["spikeStatus"] == "spike"
    amber.market.release()
    assert running(await cloud.current())["spikeStatus"] == "none"


async def test_a_forced_estimate_is_wrong_until_the_price_is_final(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    end = BOUNDARY + timedelta(minutes=5)
    amber.market.force(BOUNDARY, end, -26.0, estimate=6.0)
    assert running(await cloud.current())["spotPerKwh"] == 6
    noon.advance(10)
    assert running(await cloud.current())["spotPerKwh"] == -26


async def test_tariff_information_is_only_where_the_tariff_has_it(
    cloud: AmberClient, site: Site, noon: ManualClock
) -> None:
    assert running(await cloud.current())["tariffInformation"] == {
        "demandWindow": False
    }
    assert "tariffInformation" not in running(await cloud.current(), "feedIn")
    assert running(await cloud.current(PLAIN))["tariffInformation"] == {"block": 1}
    assert running(await cloud.current(HALF_HOURLY))["tariffInformation"] == {
        "period": "solarSponge",
        "season": "spring",
    }
    noon.advance(5 * 3600)
    window = running(await cloud.current())["tariffInformation"]
    assert window == {"demandWindow": True}
    site.tariff.demand_always = False
    assert running(await cloud.current())["tariffInformation"] == {
        "demandWindow": False
    }
    site.information = "absent"
    assert "tariffInformation" not in running(await cloud.current())
    site.information = "null"
    assert running(await cloud.current())["tariffInformation"] is None


async def test_what_is_absent_can_be_null(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    noon.advance(10)
    amber.blanks = "null"
    current = running(await cloud.current())
    assert current["advancedPrice"] is None
    assert "range" in current


async def test_ranges_appear_in_the_evening_and_can_flicker(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    amber.range_flickers = True
    first, second = [await cloud.current(next=288) for _ in range(2)]
    ranges = [entry["range"] for entry in first if "range" in entry]
    assert ranges
    assert all(entry["min"] < entry["max"] for entry in ranges)
    assert not any("range" in entry for entry in second)


async def test_an_outage_leaves_only_actual_intervals(
    cloud: AmberClient, site: Site
) -> None:
    site.outage = "actuals"
    found = await cloud.current(previous=2, next=288)
    assert {entry["type"] for entry in found} == {"ActualInterval"}
    site.outage = "empty"
    assert await cloud.current(previous=2, next=288) == []


async def test_previous_intervals_can_be_missing_after_a_boundary(
    cloud: AmberClient, site: Site, noon: ManualClock
) -> None:
    site.previous_missing = 15
    assert only(await cloud.current(previous=1), "ActualInterval") == []
    noon.advance(5)
    assert len(only(await cloud.current(previous=1), "ActualInterval")) == 1


async def test_a_channel_can_be_missing_in_the_prices(
    cloud: AmberClient, site: Site
) -> None:
    site.hidden_channels = {"general"}
    channels = {entry["channelType"] for entry in await cloud.current()}
    assert channels == {"controlledLoad", "feedIn"}


@pytest.mark.parametrize("site_id", [PENDING, CLOSED])
async def test_there_are_no_live_prices_of_a_site_that_is_not_active(
    cloud: AmberClient, amber: AmberSimulator, site_id: str
) -> None:
    assert await cloud.current(site_id, next=288) == []
    amber.unsupplied = "not_found"
    answer = await cloud.get(f"sites/{site_id}/prices/current")
    assert answer.status == 404


async def test_most_intervals(cloud: AmberClient, amber: AmberSimulator) -> None:
    path = f"sites/{SITE}/prices/current"
    assert (await cloud.get(path, previous=1024, next=1023)).status == 200
    refused = await cloud.get(path, previous=1024, next=1024)
    assert refused.status == 422
    assert refused.headers["Content-Type"].startswith("text/plain")
    amber.interval_limit = "total"
    assert (await cloud.get(path, previous=400, next=281)).status == 200
    assert (await cloud.get(path, previous=400, next=282)).status == 422


@pytest.mark.parametrize(
    "query", [{"next": "x"}, {"next": -1}, {"previous": 1.5}, {"resolution": 15}]
)
async def test_bad_parameters(cloud: AmberClient, query: dict[str, Any]) -> None:
    assert (await cloud.get(f"sites/{SITE}/prices/current", **query)).status == 400


async def test_resolution_is_honoured_or_ignored(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    found = await cloud.current(next=288, previous=1, resolution=30)
    assert {entry["duration"] for entry in found} == {30}
    assert running(await cloud.current(HALF_HOURLY, resolution=5))["duration"] == 5
    amber.resolution_honoured = False
    assert running(await cloud.current(resolution=30))["duration"] == 5


async def test_a_demand_window_is_only_on_workdays(
    cloud: AmberClient, noon: ManualClock
) -> None:
    windows = []
    for day in range(4, 7):
        noon.set(datetime(2026, 10, day, 7, tzinfo=UTC))
        windows.append(running(await cloud.current())["tariffInformation"])
    assert [told["demandWindow"] for told in windows] == [False, True, True]


async def test_whole_numbers_have_no_fraction(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    amber.market.force(BOUNDARY, BOUNDARY + timedelta(minutes=5), 100000.0)
    noon.advance(10)
    current = running(await cloud.current())
    assert isinstance(current["spotPerKwh"], int)
    assert current["perKwh"] == 107159.5
