"""From cents and the wire's signs to AUD and ours (amber.md 3.1 to 3.5, 7.4)."""

from dataclasses import replace
from datetime import date, timedelta
import random
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.amber_energy import driver
from custom_components.amber_energy._vendor.core.client.errors import BadDataError
from custom_components.amber_energy.driver import (
    Advanced,
    Channel,
    Interval,
    Kind,
    PricingMode,
    Site,
    SiteChannel,
    UsageRecord,
)

from .api.samples import (
    CURRENT_PRICES,
    NMI,
    RENEWABLES,
    SITE,
    SITES,
    USAGE,
    at,
    record,
)

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)
NOW = at(2, 0)
DAY = date(2026, 10, 5)
LABELS = ("low", "predicted", "high")


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


def one(wire: dict[str, Any]) -> Interval:
    """Return the only interval of an answer."""
    [(_, channel)] = driver.prices([wire], NOW).channels.items()
    running = () if channel.current is None else (channel.current,)
    [interval] = (*channel.past, *running, *channel.forecasts)
    return interval


def test_the_prices_of_the_reference() -> None:
    prices = driver.prices(CURRENT_PRICES, NOW)
    assert prices.observed_at == NOW
    assert list(prices.channels) == [Channel.GENERAL, Channel.FEED_IN]
    general, feed_in = prices.channels.values()
    now = Interval(
        kind=Kind.CURRENT,
        channel=Channel.GENERAL,
        start=at(2, 0),
        end=at(2, 5),
        duration=5,
        nem_date=DAY,
        price=0.273184,
        spot=0.100037,
        renewables=70.88200000000001,
        spike_status=driver.SpikeStatus.NONE,
        descriptor=driver.Descriptor.VERY_LOW,
        estimate=False,
        demand_window=False,
    )
    assert general.current == now
    assert [(item.kind, item.price) for item in general.past] == [("actual", 0.269011)]
    near, far = general.forecasts
    assert near.advanced == Advanced(low=0.241187, predicted=0.260501, high=0.28774)
    assert (near.range_min, near.range_max) == (None, None)
    assert (far.start, far.end, far.duration) == (at(8, 0), at(8, 30), 30)
    assert (far.range_min, far.range_max) == (0.613391, 4.029)
    assert (far.spike_status, far.descriptor) == ("potential", "spike")
    assert far.demand_window is True
    assert feed_in.current == replace(
        now,
        channel=Channel.FEED_IN,
        price=0.062042,
        descriptor=driver.Descriptor.LOW,
        demand_window=None,
    )
    assert (feed_in.past, feed_in.forecasts) == ((), ())


def test_the_usage_of_the_reference() -> None:
    general, feed_in = driver.usage(USAGE)
    assert general == UsageRecord(
        nem_date=date(2026, 10, 4),
        start=at(14, 0, day=3),
        end=at(14, 5, day=3),
        duration=5,
        channel=Channel.GENERAL,
        identifier="E1",
        kwh=0.044,
        cost=0.01202,
        price=0.273184,
        quality=driver.Quality.BILLABLE,
        spot=0.100037,
        renewables=21.6640281,
        descriptor=driver.Descriptor.VERY_LOW,
        spike_status=driver.SpikeStatus.NONE,
    )
    assert (feed_in.start, feed_in.identifier) == (at(2, 0, day=4), "B1")
    assert (feed_in.kwh, feed_in.cost, feed_in.price) == (0.412, -0.025561, 0.062042)
    assert feed_in.spot == general.spot
    assert round(general.cost + feed_in.cost, 6) == -0.013541


def test_the_sites_of_the_reference() -> None:
    assert driver.sites(SITES, NOW).sites == {
        SITE: Site(
            id=SITE,
            nmi=NMI,
            network="Ausgrid",
            status=driver.SiteStatus.ACTIVE,
            active_from=date(2024, 3, 1),
            interval_length=5,
            channels=(
                SiteChannel(identifier="E1", channel=Channel.GENERAL, tariff="EA116"),
                SiteChannel(
                    identifier="E2", channel=Channel.CONTROLLED_LOAD, tariff="EA030"
                ),
                SiteChannel(identifier="B1", channel=Channel.FEED_IN, tariff="EA029"),
            ),
        )
    }


def test_the_renewables_of_the_reference() -> None:
    found = driver.renewables(RENEWABLES, NOW)
    assert found.observed_at == NOW
    assert found.current is not None
    shares = [item.share for item in (*found.past, found.current, *found.forecasts)]
    assert shares == [70.1, 71.42, 72.03871]
    assert (found.current.start, found.current.end) == (at(2, 0), at(2, 30))
    assert found.current.duration == 30
    assert found.forecasts[0].descriptor == "best"


@pytest.mark.parametrize(
    "decode",
    [
        lambda raw: driver.prices(raw, NOW),
        lambda raw: driver.sites(raw, NOW),
        driver.usage,
        lambda raw: driver.renewables(raw, NOW),
    ],
)
@pytest.mark.parametrize("raw", [None, {}, {"message": "ok"}, "[]", 3])
def test_anything_but_a_list_is_no_answer(decode: Any, raw: Any) -> None:
    with pytest.raises(BadDataError):
        decode(raw)


def test_an_empty_list_is_an_answer() -> None:
    assert driver.prices([], NOW).channels == {}
    assert driver.sites([], NOW).sites == {}
    assert driver.usage([]) == ()
    assert driver.renewables([], NOW).current is None


def test_exactly_these_fields_of_the_feed_in_change_their_sign() -> None:
    wire = {
        "price": -8.3,
        "spotPerKwh": 4.4,
        "range": {"min": -1.5, "max": 90.0},
        "advancedPrice": {"low": -7.1, "predicted": -11.1, "high": -14.9},
        "tariffInformation": {"demandWindow": True},
    }
    sold = one(record(NOW, channel="feedIn", **wire))
    assert sold.price == 0.083
    assert sold.advanced == Advanced(low=0.071, predicted=0.111, high=0.149)
    for channel in ("general", "controlledLoad"):
        bought = one(record(NOW, channel=channel, **wire))
        assert bought.price == -0.083
        assert bought.advanced == Advanced(low=-0.071, predicted=-0.111, high=-0.149)
        for same in ("spot", "range_min", "range_max", "demand_window", "renewables"):
            assert getattr(bought, same) == getattr(sold, same), same
    assert (sold.spot, sold.range_min, sold.range_max) == (0.044, -0.015, 0.9)


def test_an_export_that_costs_is_negative() -> None:
    wire = record(
        NOW,
        channel="feedIn",
        price=2.1,
        advancedPrice={"low": 5.3, "predicted": 3.6, "high": 0.1},
    )
    interval = one(wire)
    assert interval.price == -0.021
    assert interval.advanced == Advanced(low=-0.053, predicted=-0.036, high=-0.001)


@PROPERTY
@given(st.lists(st.floats(-2000, 2000), min_size=3, max_size=3))
def test_low_is_below_high_on_every_channel(values: list[float]) -> None:
    """By the level of the market: the API charges least where most is earned."""
    levels = sorted(values)
    for channel, sign in (("general", 1), ("controlledLoad", 1), ("feedIn", -1)):
        sent = dict(zip(LABELS, (sign * level for level in levels), strict=True))
        advanced = one(record(NOW, channel=channel, advancedPrice=sent)).advanced
        assert advanced is not None
        assert advanced.low is not None
        assert advanced.high is not None
        assert advanced.low <= advanced.predicted <= advanced.high


@pytest.mark.parametrize("channel", ["general", "feedIn"])
@pytest.mark.parametrize("zero", [0, 0.0, -0.0, 0.00001, -0.00001])
def test_a_price_of_nothing_has_no_sign(channel: str, zero: float) -> None:
    interval = one(record(NOW, channel=channel, price=zero))
    assert str(interval.price) == "0.0"


def test_whole_numbers_are_fine() -> None:
    interval = one(
        record(NOW, price=27, renewables=104, advancedPrice={"predicted": 30})
    )
    assert (interval.price, interval.renewables) == (0.27, 104)
    assert interval.advanced == Advanced(low=None, predicted=0.3, high=None)


@pytest.mark.parametrize("share", [100.1, 124.0, 0.0])
def test_renewables_are_never_clamped(share: float) -> None:
    assert one(record(NOW, renewables=share)).renewables == share
    state = driver.renewables([{**RENEWABLES[1], "renewables": share}], NOW)
    assert state.current is not None
    assert state.current.share == share


@pytest.mark.parametrize("minutes", [5, 15, 30])
@pytest.mark.parametrize("second", ["00", "01", "59"])
def test_starts_are_floored_and_ends_exact(minutes: int, second: str) -> None:
    wire = record(at(13, 30), minutes)
    wire["startTime"] = f"2026-10-05T13:30:{second}Z"
    interval = one(wire)
    assert (interval.start, interval.duration) == (at(13, 30), minutes)
    assert interval.end == at(13, 30) + timedelta(minutes=minutes)
    assert interval.nem_date == DAY


def test_the_duration_counts() -> None:
    """Reference 3.2: trust it per record."""
    wire = record(NOW, 30)
    assert one({**wire, "duration": 5}).end == at(2, 5)
    assert one({**wire, "duration": None}).duration == 30
    assert one({**wire, "endTime": None}).end == at(2, 30)
    assert one({**wire, "startTime": None}).start == NOW


@pytest.mark.parametrize(
    ("start", "sent", "seen"),
    [
        (at(13, 55), "2026-10-05", date(2026, 10, 5)),  # ends at 00:00 of the next day
        (at(13, 55), None, date(2026, 10, 5)),
        (at(14, 0), None, date(2026, 10, 6)),
        (at(14, 0), "yesterday", date(2026, 10, 6)),
    ],
)
def test_the_markets_day(start: Any, sent: str | None, seen: date) -> None:
    assert one(record(start, date=sent)).nem_date == seen


def test_the_order_does_not_matter() -> None:
    """And mixed lengths are kept as they are."""
    wires = [
        record(at(2, 5 * step), kind=kind, channel=channel, price=step)
        for channel in ("feedIn", "general", "controlledLoad")
        for step, kind in enumerate(
            ["ActualInterval", "ActualInterval", "CurrentInterval"]
            + ["ForecastInterval"] * 3
        )
    ] + [record(at(3 + hour), 30, price=hour) for hour in range(3)]
    sorted_ones = driver.prices(wires, NOW)
    random.Random(1).shuffle(wires)
    shuffled = driver.prices(wires, NOW)
    assert shuffled == sorted_ones
    assert list(shuffled.channels) == list(Channel)
    general = shuffled.channels[Channel.GENERAL]
    assert [item.start for item in general.past] == [at(2, 0), at(2, 5)]
    assert [item.duration for item in general.forecasts] == [5, 5, 5, 30, 30, 30]
    assert general.current is not None
    assert general.current.price == 0.02


def test_each_start_comes_once_and_what_is_known_better_wins() -> None:
    wires = [
        record(NOW, price=1.0),
        record(NOW, kind="CurrentInterval", price=2.0),
        record(NOW, kind="ActualInterval", price=3.0),
        record(NOW, kind="CurrentInterval", price=4.0),
        record(at(2, 5), kind="CurrentInterval", price=5.0),
        record(at(2, 5), price=6.0),
        record(at(2, 10), price=7.0),
        record(at(2, 10), price=8.0),
    ]
    [channel] = driver.prices(wires, NOW).channels.values()
    assert [item.price for item in channel.past] == [0.03]
    assert channel.current is not None
    assert channel.current.price == 0.05
    assert [item.price for item in channel.forecasts] == [0.07]


def test_of_two_running_intervals_the_later_one_counts() -> None:
    wires = [record(at(2, m), kind="CurrentInterval") for m in (5, 0)]
    [channel] = driver.prices(wires, NOW).channels.values()
    assert channel.current is not None
    assert channel.current.start == at(2, 5)


def test_an_outage_of_the_market_leaves_the_past() -> None:
    wires = [record(NOW, kind="ActualInterval")]
    [channel] = driver.prices(wires, NOW).channels.values()
    assert channel.current is None
    assert len(channel.past) == 1


@pytest.mark.parametrize(
    "damage",
    [
        {"channelType": "solarSoaker"},
        {"channelType": None},
        {"type": "Usage"},
        {"type": None},
        {"startTime": None, "endTime": None, "nemTime": None},
        {"duration": None, "endTime": None, "nemTime": None},
    ],
)
def test_an_odd_record_is_left_out(damage: dict[str, Any]) -> None:
    wires = [record(at(2, 5), **damage), record(at(2, 10))]
    [channel] = driver.prices(wires, NOW).channels.values()
    assert [item.start for item in channel.forecasts] == [at(2, 10)]


@pytest.mark.parametrize("nothing", [None, [], "x", {}, {"period": "siesta"}])
def test_a_tariff_that_says_nothing(nothing: Any) -> None:
    wire = {"tariffInformation": nothing, "range": nothing, "advancedPrice": nothing}
    interval = one(record(NOW, **wire))
    assert interval.demand_window is interval.tariff_period is None
    assert interval.tariff_season is interval.tariff_block is None
    assert interval.advanced is interval.range_min is interval.range_max is None


def test_all_of_a_tariff() -> None:
    tariff = {"period": "solarSponge", "season": "nonSummer", "block": 2.0}
    interval = one(record(NOW, tariffInformation=tariff))
    assert interval.tariff_period == "solar_sponge"
    assert (interval.tariff_season, interval.tariff_block) == ("non_summer", 2)
    assert interval.demand_window is None


def test_only_the_running_interval_is_an_estimate() -> None:
    assert one(record(NOW, estimate=True)).estimate is None
    assert one(record(NOW, kind="CurrentInterval", estimate=False)).estimate is False
    assert one(record(NOW, kind="CurrentInterval", estimate=None)).estimate is None


def test_the_price_by_mode() -> None:
    with_both = one(record(NOW, price=10.0, advancedPrice={"predicted": 12.0}))
    plain = one(record(NOW, price=10.0))
    assert with_both.value("market") == plain.value("market") == 0.1
    assert with_both.source("market") is PricingMode.MARKET
    assert with_both.value("advanced") == 0.12
    assert with_both.source("advanced") is PricingMode.ADVANCED
    assert plain.value("advanced") == 0.1
    assert plain.source("advanced") is PricingMode.MARKET


@pytest.mark.parametrize(
    ("sent", "minutes"), [(5, 5), (30.0, 30), (None, 30), ("x", 30), (0, 30)]
)
def test_a_site_that_does_not_tell_is_billed_by_the_half_hour(
    sent: Any, minutes: int
) -> None:
    [site] = driver.sites([{**SITES[0], "intervalLength": sent}], NOW).sites.values()
    assert site.interval_length == minutes


def test_odd_sites() -> None:
    wires: list[Any] = [
        {"nmi": NMI},
        {"id": "A", "nmi": "0012345678", "status": "haunted", "channels": None},
        {
            "id": "B",
            "channels": [{"identifier": "E9", "type": "general"}, {"type": "x"}],
        },
        {"id": "C", "status": "closed", "closedOn": "2026-01-31", "activeFrom": ""},
        None,
    ]
    sites = driver.sites(wires, NOW).sites
    assert list(sites) == ["A", "B", "C"]
    assert (sites["A"].nmi, sites["A"].status, sites["A"].channels) == (
        "0012345678",
        None,
        (),
    )
    assert [item.identifier for item in sites["B"].channels] == ["E9"]
    assert (sites["C"].closed_on, sites["C"].active_from) == (date(2026, 1, 31), None)


@pytest.mark.parametrize("kwh", [0.412, -0.412])
def test_energy_is_positive_whichever_way_it_is_sent(kwh: float) -> None:
    [usage] = driver.usage([{**USAGE[1], "kwh": kwh}])
    assert (usage.kwh, usage.cost) == (0.412, -0.025561)


@pytest.mark.parametrize(
    "damage",
    [
        {"kwh": None},
        {"kwh": "--"},
        {"cost": None},
        {"channelType": "x"},
        {"startTime": None, "endTime": None, "nemTime": None},
        {"type": "ActualInterval"},
    ],
)
def test_usage_that_cannot_be_counted_is_left_out(damage: dict[str, Any]) -> None:
    assert driver.usage([{**USAGE[0], **damage}, USAGE[1]]) == driver.usage(USAGE[1:])


def test_usage_that_lacks_the_rest() -> None:
    odd = {"perKwh": None, "quality": "guessed", "channelIdentifier": None}
    [usage] = driver.usage([{**USAGE[0], **odd}])
    assert (usage.price, usage.quality, usage.identifier) == (None, None, "general")
