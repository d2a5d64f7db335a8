"""What scripts/demo --check knows of prices and bills, without a Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from scripts.demolib.bills import DAY, bill_problems, last_days, wanted_sums
from scripts.demolib.energy import billed_sources, live_sources
from scripts.demolib.folder import DemoError
from scripts.demolib.homes import FLOWS, POWERS
from scripts.demolib.price_check import Answers, PriceCheck
from scripts.demolib.price_dashboard import FORECAST, price_view
from scripts.demolib.price_site import PriceSite, differing, slot_start
from scripts.demolib.price_trial import HOURS, block_averages, block_problems
from scripts.demolib.price_watch import PriceWatch, watch_prices
from scripts.demolib.report import Report
from scripts.demolib.sim import PriceSimulator
from scripts.demolib.tariffs import Tariff
from simulator.amber import AmberSimulator
from simulator.clock import ManualClock

from .demo_fakes import HALF_HOURLY, SITE, FakeHass, a_home, a_tariff

NOW = datetime(2026, 10, 5, 2, 1, tzinfo=UTC)
CHANNELS = ("general", "controlled_load", "feed_in")
PRICES = tuple(f"{channel}_price" for channel in CHANNELS)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
async def amber(
    clock: ManualClock, socket_enabled: None
) -> AsyncIterator[AmberSimulator]:
    server = AmberSimulator(clock=clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def market(amber: AmberSimulator) -> AsyncIterator[PriceSimulator]:
    async with aiohttp.ClientSession() as session:
        yield PriceSimulator(amber.origin, "amber", session)


@pytest.fixture
def site(hass_api: FakeHass, market: PriceSimulator) -> PriceSite:
    return a_site(hass_api, market, *PRICES, "price_estimated")


def a_site(
    hass_api: FakeHass, market: PriceSimulator, *keys: str, site_id: str = SITE
) -> PriceSite:
    tariff = a_tariff(*keys, site_id=site_id)
    return PriceSite(hass_api, tariff, market)  # type: ignore[arg-type]


def show(hass_api: FakeHass, amber: AmberSimulator, **changed: str) -> None:
    """Has Home Assistant show what is true, but for what is changed."""
    truth = {
        "general_price": amber.truth.price(SITE, NOW, "general"),
        "controlled_load_price": amber.truth.price(SITE, NOW, "controlledLoad"),
        "feed_in_price": -amber.truth.price(SITE, NOW, "feedIn"),
    }
    hass_api.states |= {key: str(round(cents / 100, 6)) for key, cents in truth.items()}
    hass_api.states |= {"price_estimated": "off", **changed}


# Prices


async def test_the_right_prices_are_no_problem(
    site: PriceSite, hass_api: FakeHass, amber: AmberSimulator
) -> None:
    show(hass_api, amber)
    assert await site.confirmed_problems() == []
    assert await site.shown_problems() == []


async def told_twice(site: PriceSite, clock: ManualClock, *, later: float) -> Answers:
    """Returns what was told now, and some minutes later."""
    answers = Answers()
    for minutes in (later, 0):
        told = await site.now()
        answers.add(told, site.answered(told))
        clock.advance(60 * minutes)
    return answers


async def test_an_estimate_of_this_interval_may_be_shown_after_a_start(
    hass_api: FakeHass, market: PriceSimulator, clock: ManualClock
) -> None:
    keys = ("general_price", "feed_in_price")
    site = a_site(hass_api, market, *keys, site_id=HALF_HOURLY)
    first = site.answered(await site.now())
    answers = await told_twice(site, clock, later=5)
    latest = site.answered(await site.now())
    assert answers.of(await site.now()) == [first, latest]
    assert first != latest


async def test_a_price_of_another_interval_is_a_problem_after_a_start(
    site: PriceSite, clock: ManualClock
) -> None:
    answers = await told_twice(site, clock, later=0)
    clock.advance(60 * 5)
    assert answers.of(await site.now()) == []


async def test_a_feed_in_price_with_amber_s_sign_is_a_problem(
    site: PriceSite, hass_api: FakeHass, amber: AmberSimulator
) -> None:
    wrong = amber.truth.price(SITE, NOW, "feedIn") / 100
    show(hass_api, amber, feed_in_price=str(round(wrong, 6)))
    (problem,) = await site.confirmed_problems()
    assert "feed_in" in problem


async def test_an_estimate_is_not_a_final_price(
    site: PriceSite, hass_api: FakeHass, amber: AmberSimulator
) -> None:
    show(hass_api, amber, price_estimated="on")
    assert await site.confirmed_problems() == ["estimated is on"]


async def test_an_answer_from_before_may_still_be_shown(
    site: PriceSite, hass_api: FakeHass, amber: AmberSimulator
) -> None:
    before = site.answered(await site.now())
    show(hass_api, amber)
    amber.market.force(NOW, NOW + timedelta(minutes=5), 80.0)
    assert await site.shown_problems()
    assert await site.shown_problems(before) == []


@pytest.mark.parametrize("shown", ["unknown", "unavailable", "0.1200001", "-0.12"])
def test_a_price_is_right_to_the_digit(shown: str) -> None:
    assert differing({"general": "0.12"}, {"general": 0.12}) == []
    assert differing({"general": shown}, {"general": 0.12})


def test_a_slot_begins_at_five_minutes() -> None:
    moment = datetime(2026, 10, 5, 2, 9, 59, 999999, tzinfo=UTC)
    assert slot_start(moment) == datetime(2026, 10, 5, 2, 5, tzinfo=UTC)
    assert slot_start(slot_start(moment)) == slot_start(moment)


# The watch


class FakeSite:
    """A site whose price shows after some time."""

    def __init__(self, seconds: float) -> None:
        self.final = datetime.now(UTC)
        self._seconds = seconds
        self.hass = self
        self.runs = True

    async def is_running(self) -> bool:
        return self.runs

    async def confirmed_problems(self) -> list[str]:
        gone = (datetime.now(UTC) - self.final).total_seconds()
        return ["too early"] if gone < self._seconds else []


def a_watch(site: FakeSite) -> PriceWatch:
    return PriceWatch(site, asyncio.Event())  # type: ignore[arg-type]


async def test_the_watch_tells_how_late_a_price_is() -> None:
    site = FakeSite(0.3)
    watch = a_watch(site)
    await watch._see_final(site.final)
    assert watch.problems == []
    assert 0.3 <= watch.delays[0] < 1.5
    assert watch.facts.startswith("after 0.")


async def test_a_late_price_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scripts.demolib.price_watch.WITHIN", 0.3)
    site = FakeSite(60)
    watch = a_watch(site)
    await watch._see_final(site.final)
    assert len(watch.problems) == 1
    assert watch.delays == []


async def test_what_does_not_run_is_not_late() -> None:
    site = FakeSite(60)
    site.runs = False
    watch = a_watch(site)
    await watch._see_final(site.final - timedelta(minutes=1))
    assert (watch.problems, watch.delays) == ([], [])


@pytest.mark.parametrize("seconds", [0.0, 60.0])
async def test_sites_are_watched_for_as_long_as_others_work(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr("scripts.demolib.price_watch.WITHIN", 0.3)
    site = FakeSite(seconds)

    async def final_at() -> datetime:
        # In the slot that runs, also at its very end
        site.final = datetime.now(UTC) + timedelta(microseconds=1000)
        return site.final

    monkeypatch.setattr(site, "final_at", final_at, raising=False)
    monkeypatch.setattr(
        site, "tariff", a_tariff("general_price", site_id=SITE), raising=False
    )
    monkeypatch.setattr(
        "scripts.demolib.price_watch.slot_start", lambda at: at - timedelta(minutes=1)
    )
    report = Report()
    watched = watch_prices([site], asyncio.sleep(1), report)
    async with asyncio.timeout(5):
        await watched
    assert len(report.failures) == bool(seconds)


# Blocks


def interval(start: datetime, minutes: int, cents: float) -> dict[str, Any]:
    return {
        "channelType": "general",
        "duration": minutes,
        "endTime": (start + timedelta(minutes=minutes)).isoformat(),
        "perKwh": cents,
    }


def test_blocks_are_averaged_over_steps_of_any_length() -> None:
    begin = datetime(2026, 10, 5, 2, tzinfo=UTC)
    answer = [interval(begin, 5, 30.0)]
    answer += [
        interval(begin + timedelta(minutes=5 + 30 * place), 30, 10.0 + place)
        for place in range(HOURS * 2 + 1)
    ]
    averages = block_averages(answer, begin + timedelta(seconds=90))
    assert min(averages) == begin + timedelta(minutes=2)
    assert max(averages) == begin + timedelta(minutes=35)
    assert averages[begin + timedelta(minutes=5)] == pytest.approx(0.125)
    first = averages[begin + timedelta(minutes=2)]
    assert first == pytest.approx(
        (3 * 30 + 30 * (10 + 11 + 12 + 13 + 14) + 27 * 15) / 18000
    )


def test_a_forecast_with_a_hole_is_said() -> None:
    begin = datetime(2026, 10, 5, 2, tzinfo=UTC)
    answer = [
        interval(begin + timedelta(minutes=30 * place), 30, 10.0)
        for place in range(HOURS * 2 + 2)
        if place != 1
    ]
    with pytest.raises(DemoError, match="hole"):
        block_averages(answer, begin)


@pytest.mark.parametrize(("offset", "wrong"), [(0, False), (1, True)])
async def test_the_cheapest_block_is_compared_with_the_market(
    site: PriceSite,
    amber: AmberSimulator,
    monkeypatch: pytest.MonkeyPatch,
    offset: int,
    wrong: bool,
) -> None:
    told = await site.now()
    averages = block_averages(told["answer"], NOW)
    best = sorted(averages, key=averages.__getitem__)[offset * 600]

    async def act(_action: str, **_data: Any) -> dict[str, Any]:
        return {"start": best.isoformat(), "average": round(averages[best], 6)}

    async def nothing(*_: Any) -> None:
        pass

    monkeypatch.setattr(site, "act", act)
    monkeypatch.setattr(site, "press", nothing)
    monkeypatch.setattr("scripts.demolib.price_trial.quiet", nothing)
    monkeypatch.setattr("scripts.demolib.price_trial.utcnow", lambda: NOW)
    monkeypatch.setattr("scripts.demolib.price_trial.SOON", 0)
    assert bool(await block_problems(site)) is wrong


# Bills


def test_a_day_is_billed_the_morning_after() -> None:
    # five in the morning, UTC+10
    published = datetime(2026, 10, 5, 19, tzinfo=UTC)
    assert last_days(published)[-1] == date(2026, 10, 5)
    assert last_days(published - timedelta(seconds=1))[-1] == date(2026, 10, 4)
    assert len(last_days(published)) == 7


async def imported(
    site: PriceSite, days: list[date]
) -> dict[str, list[dict[str, Any]]]:
    """Returns statistics that are right."""
    rows: dict[str, list[dict[str, Any]]] = {
        statistic: [] for statistic in site.tariff.statistics()
    }
    for day in days:
        truth = await site.market.used(SITE, day, day)
        begin = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=10)
        for key, total, _ in wanted_sums(site, truth):
            hours = rows[site.tariff.statistic(key)]
            for hour in range(24):
                so_far = hours[-1]["sum"] if hours else 100.0
                start = (begin + timedelta(hours=hour)).timestamp() * 1000
                hours.append(
                    {"start": start, "state": total / 24, "sum": so_far + total / 24}
                )
    return rows


async def test_right_bills_have_no_problem(site: PriceSite) -> None:
    days = last_days(NOW)
    assert await bill_problems(site, days, await imported(site, days)) == []


async def test_a_wrong_cent_is_a_problem(site: PriceSite) -> None:
    days = last_days(NOW)
    rows = await imported(site, days)
    for row in rows[site.tariff.statistic("b1_compensation")][30:]:
        row["sum"] += 0.01
    rows[site.tariff.statistic("b1_compensation")][30]["state"] += 0.01
    (problem,) = await bill_problems(site, days, rows)
    assert f"b1_compensation on {days[1]}" in problem


async def test_sums_that_jump_and_missing_hours_are_problems(site: PriceSite) -> None:
    days = last_days(NOW)
    rows = await imported(site, days)
    rows[site.tariff.statistic("e1_cost")][40]["sum"] += 5
    del rows[site.tariff.statistic("e2_energy")][-1]
    first, second = await bill_problems(site, days, rows)
    assert "sums" in first
    assert f"e2_energy on {days[-1]}" in second
    assert "23 hours" in second


def test_the_days_are_those_of_the_market() -> None:
    assert last_days(NOW)[1] - last_days(NOW)[0] == DAY


# Dashboards


def test_what_was_metered_comes_with_what_it_cost() -> None:
    solar, general, controlled = billed_sources(a_tariff())
    site = f"amber_energy:{SITE.lower()}"
    assert solar["stat_energy_from"] == general["stat_energy_to"] == f"{site}_b1_energy"
    assert general["stat_energy_from"] == f"{site}_e1_energy"
    assert general["stat_cost"] == f"{site}_e1_cost"
    assert general["stat_compensation"] == f"{site}_b1_compensation"
    assert controlled["stat_energy_from"] == f"{site}_e2_energy"
    assert controlled["stat_cost"] == f"{site}_e2_cost"
    assert "stat_energy_to" not in controlled
    assert len(billed_sources(a_tariff(site_id=HALF_HOURLY))) == 2


def test_live_energy_has_the_price_of_now() -> None:
    keys = (*POWERS, "battery_soc", *(f"{flow}_energy_today" for flow in FLOWS))
    grid = live_sources(a_home(*keys), a_tariff(*PRICES))[1]
    assert grid["entity_energy_price"] == "sensor.house_general_price"
    assert grid["entity_energy_price_export"] == "sensor.house_feed_in_price"


def full_tariff() -> Tariff:
    return a_tariff(*PRICES, "general_forecast", "renewables", "yesterday_net_cost")


def test_the_page_of_prices_shows_what_a_site_has() -> None:
    section, bills = price_view([full_tariff()])["sections"]
    shown = [card["entity"] for card in section["cards"] if "entity" in card]
    assert "sensor.house_renewables" in shown
    assert "sensor.house_demand_window" not in shown
    table = next(card for card in section["cards"] if card["type"] == "markdown")
    assert "'sensor.house_general_forecast'" in table["content"]
    assert FORECAST not in table["content"]
    (graph,) = (card for card in bills["cards"] if card["type"] == "statistics-graph")
    assert len(graph["entities"]) == 3


@pytest.mark.parametrize(
    ("unasked", "presses", "failures"), [(8, 0, 0), (8, 5, 0), (9, 0, 1), (9, 5, 1)]
)
async def test_requests_that_buttons_ask_for_are_not_too_many(
    monkeypatch: pytest.MonkeyPatch, unasked: int, presses: int, failures: int
) -> None:
    class Market:
        async def requests(self, _site_id: str) -> list[dict[str, object]]:
            asked = {"at": NOW.isoformat(), "status": 200}
            return [asked] * (unasked + presses)

    monkeypatch.setattr("scripts.demolib.price_check.utcnow", lambda: NOW)
    report = Report()
    running = SimpleNamespace(home_assistant=None)
    check = PriceCheck(running, {}, report)
    hass_api = FakeHass()
    check._sites = [a_site(hass_api, Market(), "refresh")]
    for _ in range(presses):
        await check._sites[0].press("refresh")
    await check._tell_requests()
    assert len(report.failures) == failures
