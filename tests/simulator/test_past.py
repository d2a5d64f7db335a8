"""The past: a pure function of the spec that joins day by day."""

from datetime import UTC, date, datetime, timedelta
import time
from zoneinfo import ZoneInfo

import pytest

from simulator.calendar import local_day_minutes
from simulator.clock import ManualClock
from simulator.energy import Energy
from simulator.house import House
from simulator.past import ANCHOR_DAYS, past_day, start_of
from simulator.spec import EvSpec, HouseSpec

YEAR = 365
NEW_YEAR = date(2026, 1, 1)


def assert_joins(spec: HouseSpec, first: date, days: int) -> None:
    before = past_day(spec, first)
    for _ in range(days):
        day = past_day(spec, before.date + timedelta(days=1))
        assert day.start == before.end, day.date
        before = day


@pytest.mark.parametrize(
    ("spec", "days"),
    [
        (HouseSpec(seed=11, ev=EvSpec()), YEAR),
        (
            HouseSpec(
                seed=12,
                zone=ZoneInfo("Australia/Sydney"),
                latitude=-33.0,
                battery_capacity_wh=19_200.0,
                load_level=1.4,
            ),
            100,
        ),
    ],
    ids=["a year with a car", "down under"],
)
def test_days_join(spec: HouseSpec, days: int) -> None:
    assert_joins(spec, NEW_YEAR, days)


def test_days_join_at_the_anchors_of_other_houses() -> None:
    anchor = date.fromordinal(NEW_YEAR.toordinal() // ANCHOR_DAYS * ANCHOR_DAYS)
    for seed in (2, 3, 4):
        for season in range(3):
            first = anchor + timedelta(days=season * 112 - 1)
            assert_joins(HouseSpec(seed=seed), first, 1)


def test_the_car_is_part_of_what_a_day_hands_over() -> None:
    """A car that charges over midnight goes on with what is left to charge."""
    spec = HouseSpec(seed=11, ev=EvSpec(power_w=2000.0))
    handed_over = [
        day.end
        for day in (past_day(spec, NEW_YEAR + timedelta(days=n)) for n in range(20))
        if day.end.ev_wanted_wh > 0
    ]
    assert handed_over
    assert all(stock.session and stock.ev_enabled for stock in handed_over)


def test_a_day_takes_at_most_half_a_second() -> None:
    # The last day before an anchor needs the most: 32 days of blocks
    last = date.fromordinal(NEW_YEAR.toordinal() // ANCHOR_DAYS * ANCHOR_DAYS - 1)
    started = time.process_time()
    past_day(HouseSpec(seed=987, ev=EvSpec()), last)
    assert time.process_time() - started < 0.5


def test_equal_specs_have_the_same_past_and_other_seeds_another() -> None:
    day = date(2026, 4, 20)
    assert past_day(HouseSpec(seed=5), day) == past_day(HouseSpec(seed=5), day)
    assert past_day(HouseSpec(seed=5), day) != past_day(HouseSpec(seed=6), day)


def test_a_house_started_later_tells_the_same_past() -> None:
    spec = HouseSpec(seed=7, ev=EvSpec())
    installed = date(2026, 3, 1)
    early = House(
        spec, ManualClock(datetime(2026, 4, 1, 9, tzinfo=UTC)), installed=installed
    )
    clock = ManualClock(datetime(2026, 4, 3, 20, 30, 17, tzinfo=UTC))
    late = House(spec, clock, installed=installed)
    for number in range(31):
        day = installed + timedelta(days=number)
        assert early.energy_on(day) == late.energy_on(day)
        assert early.records(day) == late.records(day)

    # The early house lives through what is the past of the late one
    watched_clock = ManualClock(datetime(2026, 4, 1, 9, tzinfo=UTC))
    watched = House(spec, watched_clock, installed=installed)
    watched_clock.set(clock())
    assert watched.live() == late.live()
    for number in range(3):
        day = date(2026, 4, 1) + timedelta(days=number)
        assert watched.records(day) == late.records(day)
        assert_close(watched.energy_on(day), late.energy_on(day))
    assert_close(watched.energy_total(), late.energy_total())


def assert_close(one: Energy | None, other: Energy | None) -> None:
    assert one is not None
    assert other is not None
    difference = one - other
    for field in Energy.__slots__:
        assert abs(getattr(difference, field)) < 1e-3


def test_totals_are_the_sum_of_the_days() -> None:
    clock = ManualClock(datetime(2026, 5, 3, 11, tzinfo=UTC))
    house = House(HouseSpec(), clock, installed=date(2026, 4, 1))
    total = Energy()
    for number in range(33):
        energy = house.energy_on(date(2026, 4, 1) + timedelta(days=number))
        assert energy is not None
        total += energy
    assert_close(house.energy_total(), total)
    assert house.energy_on(date(2026, 3, 31)) is None
    assert house.records(date(2026, 3, 31)) == ()
    assert house.energy_on(date(2026, 5, 4)) is None


@pytest.mark.parametrize(
    ("day", "records"),
    [(date(2026, 3, 29), 276), (date(2026, 10, 25), 300), (date(2026, 6, 1), 288)],
)
def test_records_on_days_when_the_clocks_change(day: date, records: int) -> None:
    zone = ZoneInfo("Europe/Berlin")
    first, end = local_day_minutes(zone, day)
    assert (end - first) / 5 == records
    past = past_day(HouseSpec(), day)
    assert len(past.records) == records
    assert past.records[0].start.astimezone(zone).replace(tzinfo=None) == datetime(
        day.year, day.month, day.day
    )
    steps = {
        (later.start - earlier.start).total_seconds()
        for earlier, later in zip(past.records[:-1], past.records[1:], strict=True)
    }
    assert steps == {300}

    # The same for a house that lives through that day
    clock = ManualClock(datetime(day.year, day.month, day.day, 9, tzinfo=UTC))
    house = House(HouseSpec(), clock)
    clock.advance(86_400)
    assert house.records(day) == past.records


def test_records_add_up_to_the_energy_of_the_day() -> None:
    day = past_day(HouseSpec(ev=EvSpec()), date(2026, 5, 2))
    for power, energy in (
        ("pv_w", day.energy.solar_wh),
        ("load_w", day.energy.load_wh),
        ("import_w", day.energy.import_wh),
        ("export_w", day.energy.export_wh),
        ("ev_w", day.energy.ev_wh),
        ("battery_w", day.energy.discharge_wh - day.energy.charge_wh),
    ):
        assert sum(getattr(r, power) for r in day.records) / 12 == pytest.approx(energy)


def test_a_year_is_plausible() -> None:
    spec = HouseSpec(seed=11, ev=EvSpec())
    days = [past_day(spec, NEW_YEAR + timedelta(days=n)) for n in range(YEAR)]
    june = [day.energy.solar_wh for day in days if day.date.month == 6]
    december = [day.energy.solar_wh for day in days if day.date.month == 12]
    assert sum(june) > 3 * sum(december) > 0
    assert max(june) > 2 * min(june)
    household = [(day.energy.load_wh - day.energy.ev_wh) / 1000 for day in days]
    assert 5 < min(household) < max(household) < 20
    # The sun is highest around noon and never shines at night
    records = days[160].records
    brightest = max(records, key=lambda record: record.pv_w)
    assert 9 <= brightest.start.astimezone(spec.zone).hour <= 17
    assert records[0].pv_w == records[-1].pv_w == 0
    # A car is charged on some days only
    charged = sum(day.energy.ev_wh > 0 for day in days)
    assert YEAR / 3 < charged < YEAR


def test_the_sun_shines_at_local_noon_in_every_zone() -> None:
    for name in ("Etc/GMT+9", "Etc/GMT-11", "America/New_York"):
        spec = HouseSpec(zone=ZoneInfo(name), floor_percent=10.0)
        days = [
            past_day(spec, date(2026, 11, 17) + timedelta(days=n)) for n in range(6)
        ]
        noon = [
            record.pv_w
            for day in days
            for record in day.records
            if record.start.astimezone(spec.zone).hour == 12
        ]
        midnight = [
            record.pv_w
            for day in days
            for record in day.records
            if record.start.astimezone(spec.zone).hour in {0, 22}
        ]
        assert max(noon) > 500
        assert max(midnight) == 0


def test_start_is_the_end_of_the_day_before() -> None:
    spec = HouseSpec(seed=8)
    day = date(2026, 2, 10)
    assert start_of(spec, day) == past_day(spec, day - timedelta(days=1)).end


@pytest.mark.parametrize("minutes", [0, 1, 299, 300, 720, 1439])
def test_a_house_that_begins_at_noon_has_lived_through_the_morning(
    minutes: int,
) -> None:
    """To the last digit what one knows that was watched since midnight."""
    spec = HouseSpec(seed=23, ev=EvSpec())
    midnight = datetime(2026, 5, 3, tzinfo=spec.zone).astimezone(UTC)
    watched = ManualClock(midnight)
    early = House(spec, watched, installed=date(2026, 5, 2))
    watched.advance(minutes * 60 + 20)
    late = House(spec, ManualClock(watched()), installed=date(2026, 5, 2))
    today = date(2026, 5, 3)
    assert late.live() == early.live()
    assert late.energy_on(today) == early.energy_on(today)
    assert late.energy_total() == early.energy_total()
    assert late.records(today) == early.records(today)


def test_houses_that_begin_alike_go_on_for_themselves() -> None:
    """What one lives through is none of the other's."""
    start = datetime(2026, 5, 3, 11, 12, tzinfo=UTC)
    clock = ManualClock(start)
    one, other = House(HouseSpec(), clock), House(HouseSpec(), clock)
    noted = len(House(HouseSpec(), ManualClock(start)).records(start.date()))
    one.override(load_w=9_000.0)
    clock.advance(3600)
    assert one.energy_total() != other.energy_total()
    assert len(one.records(start.date())) == noted + 12
    assert len(House(HouseSpec(), ManualClock(start)).records(start.date())) == noted
