"""A house that is watched: commands, overrides, steps of time."""

from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
import math
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from simulator.balance import SELF_USE, Command, Mode
from simulator.clock import ManualClock
from simulator.energy import Energy
from simulator.house import House, State
from simulator.spec import EvSpec, HouseSpec

START = datetime(2026, 5, 3, 11, 10, 30, tzinfo=UTC)
MODES = [
    SELF_USE,
    Command(mode=Mode.HOLD),
    Command(mode=Mode.CHARGE, power_w=3000, target_soc=95),
    Command(mode=Mode.DISCHARGE, power_w=2500, target_soc=20),
    Command(discharge_allowed=False),
]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(START)


@pytest.fixture
def house(clock: ManualClock) -> House:
    return House(HouseSpec(ev=EvSpec()), clock)


def stored_difference(house: House, energy: Energy) -> float:
    one_way = math.sqrt(house.spec.round_trip_efficiency)
    return energy.charge_wh * one_way - energy.discharge_wh / one_way


EVENTS = st.lists(
    st.tuples(
        st.floats(0.1, 4000),
        st.fixed_dictionaries(
            {},
            optional={
                "pv_w": st.none() | st.floats(0, 12_000),
                "load_w": st.none() | st.floats(0, 12_000),
                "grid": st.none() | st.booleans(),
                "ev_plugged": st.none() | st.booleans(),
                "soc": st.floats(0, 100),
            },
        ),
        st.sampled_from(MODES),
    ),
    min_size=1,
    max_size=12,
)
SPECS = st.sampled_from(
    [
        HouseSpec(ev=EvSpec()),
        HouseSpec(seed=2, battery_capacity_wh=2_000.0, round_trip_efficiency=0.7),
        HouseSpec(seed=3, battery_capacity_wh=0.0, inverter_limit_w=800.0),
        HouseSpec(seed=4, pv_peak_w=0.0, import_limit_w=6_000.0, ev=EvSpec()),
    ]
)


@given(spec=SPECS, events=EVENTS)
@settings(max_examples=25, deadline=None)
def test_energy_is_conserved_whatever_happens(
    spec: HouseSpec, events: list[tuple[float, dict[str, float], Command]]
) -> None:
    clock = ManualClock(START)
    house = House(spec, clock)
    before, stored = house.energy_total(), house.live().stored_wh
    command = SELF_USE
    house.policy = lambda _at, _state: command
    for seconds, override, next_command in events:
        clock.advance(seconds)
        house.override(**override)  # type: ignore[arg-type]
        command = next_command
        live = house.live()
        assert live.pv_w + live.grid_w + live.battery_w == live.load_w
    clock.advance(100)
    energy = house.energy_total() - before
    taken = energy.solar_wh + energy.import_wh + energy.discharge_wh
    given_away = energy.load_wh + energy.export_wh + energy.charge_wh
    assert taken == pytest.approx(given_away, abs=0.01)
    assert house.live().stored_wh - stored - house.adjusted_wh == pytest.approx(
        stored_difference(house, energy), abs=0.1
    )
    assert energy.grid_charge_wh <= min(energy.charge_wh, energy.import_wh) + 0.01
    assert energy.ev_wh <= energy.load_wh


@given(steps=st.lists(st.floats(0.01, 3000), min_size=1, max_size=30))
@settings(max_examples=8, deadline=None)
def test_the_truth_does_not_depend_on_who_asks_when(steps: list[float]) -> None:
    def lived(polls: list[float]) -> House:
        clock = ManualClock(START)
        house = House(HouseSpec(ev=EvSpec()), clock)
        house.policy = lambda local, _state: MODES[local.hour % len(MODES)]
        # Something happens in the middle of a minute
        house.call_at(
            START + timedelta(seconds=997.3), lambda: house.override(load_w=2345)
        )
        for seconds in polls:
            clock.set(START + timedelta(seconds=seconds))
            house.live()
        clock.set(START + timedelta(hours=20))
        return house

    polled, asked_once = lived(list(accumulate(steps))), lived([])
    assert polled.live() == asked_once.live()
    assert polled.energy_total() == asked_once.energy_total()
    assert polled.records(polled.today()) == asked_once.records(asked_once.today())


def test_polling_each_second_for_an_hour_changes_nothing(clock: ManualClock) -> None:
    quiet_clock = ManualClock(START)
    quiet, polled = House(HouseSpec(), quiet_clock), House(HouseSpec(), clock)
    for _ in range(3600):
        clock.advance(1)
        polled.live()
    quiet_clock.advance(3600)
    assert polled.live() == quiet.live()
    assert polled.energy_total() == quiet.energy_total()


def test_counters_only_rise(clock: ManualClock, house: House) -> None:
    before = house.energy_total()
    for _ in range(200):
        clock.advance(37)
        now = house.energy_total()
        assert all(
            getattr(now, field) >= getattr(before, field) for field in Energy.__slots__
        )
        before = now


def test_override_and_back_to_nature(clock: ManualClock, house: House) -> None:
    natural = house.live()
    house.override(pv_w=0, load_w=500, soc=50)
    live = house.live()
    assert (live.pv_w, live.load_w, live.battery_w, live.grid_w) == (0, 500, 500, 0)
    assert live.soc == pytest.approx(50)
    clock.advance(3600)
    # 500 Wh at the terminals are more inside the battery
    lost = 50 - house.live().soc
    assert lost == pytest.approx(500 / 0.9**0.5 / 13_340 * 100, abs=0.01)

    house.override(pv_w=None, load_w=None)
    clock.set(START + timedelta(hours=1, seconds=29))
    assert house.live().pv_w != 0
    assert natural.pv_w != 0


def test_the_past_of_a_watched_house_is_what_happened(
    clock: ManualClock, house: House
) -> None:
    house.override(pv_w=0, load_w=1000, soc=100)
    clock.set(datetime(2026, 5, 4, 11, tzinfo=UTC))
    energy = house.energy_on(date(2026, 5, 3))
    assert energy is not None
    record = house.records(date(2026, 5, 3))[-1]
    assert record.pv_w == 0
    assert record.load_w == pytest.approx(1000)
    first, last = (
        house.records(date(2026, 5, 4))[0],
        house.records(date(2026, 5, 4))[-1],
    )
    assert (first.pv_w, last.pv_w) == (0, 0)
    assert (first.load_w, last.load_w) == pytest.approx((1000, 1000))
    assert house.soc_at_midnight(date(2026, 5, 4)) == pytest.approx(record.soc, abs=0.5)
    # What was before it was watched, is known too; what was before it was built, not
    known = house.soc_at_midnight(date(2026, 5, 2))
    assert known is not None
    assert 10 <= known <= 100
    assert house.soc_at_midnight(date(2025, 5, 4)) is None


def test_a_change_in_the_middle_of_a_minute_splits_it(clock: ManualClock) -> None:
    house = House(HouseSpec(), clock)
    house.override(pv_w=0, load_w=600, soc=50)
    clock.set(START.replace(minute=11, second=0))
    before = house.energy_total()
    clock.advance(15)
    house.override(load_w=1200)
    clock.advance(45)
    used = house.energy_total() - before
    assert used.load_wh == pytest.approx(600 * 15 / 3600 + 1200 * 45 / 3600)


def test_a_change_at_a_boundary_leaves_the_records_alone(clock: ManualClock) -> None:
    house = House(HouseSpec(), clock)
    house.override(pv_w=0, load_w=600, soc=50)
    midnight = datetime(2026, 5, 3, 22, tzinfo=UTC)
    for at in (START.replace(minute=20, second=0), midnight):
        clock.set(at)
        before = len(house.records(date(2026, 5, 3)))
        energy = house.energy_on(date(2026, 5, 3))
        house.override(load_w=1200)
        house.override(load_w=600)
        assert len(house.records(date(2026, 5, 3))) == before
        assert house.energy_on(date(2026, 5, 3)) == energy
    assert house.today() == date(2026, 5, 4)
    assert before == 288


def test_an_action_sees_what_has_happened_until_then(clock: ManualClock) -> None:
    house = House(HouseSpec(), clock)
    house.override(pv_w=0, load_w=600, soc=50)
    before = house.energy_total()
    seen: list[Energy] = []
    house.call_at(
        START + timedelta(seconds=20), lambda: seen.append(house.energy_total())
    )
    clock.advance(60)
    house.advance()
    (there,) = seen
    assert (there - before).load_wh == pytest.approx(600 * 20 / 3600)


def test_call_at_acts_in_the_order_of_time(clock: ManualClock, house: House) -> None:
    house.override(pv_w=0, load_w=0, soc=50)
    command = SELF_USE
    house.policy = lambda _at, _state: command

    def charge() -> None:
        nonlocal command
        command = Command(mode=Mode.CHARGE, power_w=3600)

    def stop() -> None:
        nonlocal command
        command = SELF_USE

    before = house.energy_total()
    house.call_at(START + timedelta(seconds=600), stop)
    house.call_at(START + timedelta(seconds=300), charge)
    assert house.live().battery_w == 0
    clock.advance(450)
    assert house.live().battery_w == -3600
    clock.advance(1000)
    assert house.live().battery_w == 0
    charged = house.energy_total() - before
    assert charged.grid_charge_wh == pytest.approx(300)


def test_a_policy_sees_local_time_and_state(clock: ManualClock) -> None:
    seen: list[tuple[datetime, State]] = []

    def policy(at: datetime, state: State) -> Command:
        seen.append((at, state))
        return SELF_USE

    house = House(HouseSpec(zone=ZoneInfo("Australia/Sydney")), clock)
    house.policy = policy
    seen.clear()
    clock.advance(180)
    house.live()
    assert [at.isoformat() for at, _ in seen] == [
        "2026-05-03T21:11:00+10:00",
        "2026-05-03T21:12:00+10:00",
        "2026-05-03T21:13:00+10:00",
    ]
    assert 10 <= seen[0][1].soc <= 100


def test_a_clock_that_goes_back_changes_nothing(
    clock: ManualClock, house: House
) -> None:
    before = house.live()
    total = house.energy_total()
    clock.advance(-7200)
    assert house.live() == before
    assert house.energy_total() == total
    house.override(load_w=100)
    clock.advance(7200)
    assert house.energy_total() == total


def test_without_grid_nothing_is_exchanged(clock: ManualClock, house: House) -> None:
    house.override(grid=False, pv_w=4000, load_w=300, soc=100)
    before = house.energy_total()
    clock.advance(1800)
    live = house.live()
    assert not live.grid
    assert (live.grid_w, live.pv_w, live.load_w) == (0, 300, 300)
    assert (house.energy_total() - before).export_wh == 0


def test_the_car_charges_until_it_has_what_it_wants(
    clock: ManualClock, house: House
) -> None:
    house.override(ev_plugged=True)
    car = house.live().car
    assert (car.plugged, car.enabled, car.power_w) == (True, True, 11_000)
    clock.advance(3600)
    assert house.live().car.charged_wh == pytest.approx(11_000)
    house.change(lambda: house.set_car_enabled(enabled=False))
    assert house.live().ev_w == 0
    clock.advance(3600)
    assert house.live().car.wanted_wh == pytest.approx(29_000)
    house.change(lambda: house.set_car_enabled(enabled=True))
    clock.advance(4 * 3600)
    car = house.live().car
    assert (car.wanted_wh, car.power_w) == (0, 0)
    house.override(ev_plugged=False)
    assert not house.live().car.plugged
    house.change(lambda: house.set_car_enabled(enabled=True))
    assert not house.live().car.enabled
