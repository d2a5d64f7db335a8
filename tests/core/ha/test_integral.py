"""Energy from power: exact over gaps, restarts and crashes (sonnen.md 9.2)."""

from datetime import timedelta
import json
from typing import Any

from hypothesis import given, settings, strategies as st
import pytest

from core.ha.account import Account
from core.ha.integral import Integrals, flows
from core.ha.rising import valid
from core.model import Power
from tests.core.fake_clock import START, FakeClock

from .accounts import new_account

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=200)


class Device:
    """A device that is sampled, and whose account can be closed and opened again."""

    def __init__(self) -> None:
        """Begin with a new account."""
        self.clock = FakeClock()
        self.account = new_account()
        self.counted = Integrals(self.account, "S1/", self.clock)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock._move(seconds)

    def sample(self, stamp: object = None, **power: Any) -> None:
        """Take a sample of now."""
        observed_at = self.clock.now()
        self.counted.add(Power(observed_at=observed_at, **power), stamp)

    def file(self) -> str:
        """Return what the account would write."""
        return json.dumps(self.account._data())

    def restart(self, file: str | None = None) -> None:
        """Begin anew with a file; the monotonic clock starts somewhere else."""
        stored = json.loads(self.file() if file is None else file)
        self.clock = FakeClock(self.clock.now(), monotonic=7.0)
        self.account: Account = new_account()
        self.account._restore(stored)
        self.counted = Integrals(self.account, "S1/", self.clock)


@pytest.fixture
def device() -> Device:
    """A device before its first sample."""
    return Device()


def test_the_worked_example(device: Device) -> None:
    """Export 0 W, and 1200 W ten seconds later: 1.667 Wh."""
    device.sample(grid=0)
    assert device.counted.kwh("exported") == 0.0
    device.wait(10)
    device.sample(grid=-1200)
    assert device.counted._state("exported")["value"] == pytest.approx(6000 / 3600)
    assert device.counted.kwh("exported") == 0.002
    assert device.counted.kwh("imported") == 0.0
    assert device.counted.kwh("solar") is None


def test_the_sign_is_split_before_anything_is_added_up() -> None:
    power = Power(observed_at=START, solar=1, grid=-2, battery=3, load=4)
    assert flows(power) == {
        "solar": 1,
        "load": 4,
        "imported": 0,
        "exported": 2,
        "discharged": 3,
        "charged": 0,
    }
    assert set(flows(Power(observed_at=START)).values()) == {None}


def test_a_change_of_sign_counts_for_both_sides(device: Device) -> None:
    """The mean would be 0 for both."""
    device.sample(battery=3600)
    device.wait(10)
    device.sample(battery=-3600)
    for name in ("charged", "discharged"):
        assert device.counted.kwh(name) == pytest.approx(0.005)


@pytest.mark.parametrize(("gap", "expected"), [(300, 0.3), (300.5, 0.0)])
def test_a_gap_of_five_minutes_is_the_longest(
    device: Device, gap: float, expected: float
) -> None:
    device.sample(solar=3600)
    device.wait(gap)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == expected
    device.wait(100)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == pytest.approx(expected + 0.1)


def test_a_stale_sample_is_none(device: Device) -> None:
    """The same stamp is the same sample, whatever its values (9.2)."""
    device.sample("18:00:00", solar=3600)
    for _ in range(3):
        device.wait(10)
        device.sample("18:00:00", solar=0)
    device.wait(10)
    device.sample("18:00:40", solar=3600)
    assert device.counted.kwh("solar") == 0.04


def test_without_a_stamp_every_sample_counts(device: Device) -> None:
    for _ in range(3):
        device.sample(solar=3600)
        device.wait(10)
    assert device.counted.kwh("solar") == 0.02


def test_a_missing_value_is_bridged_for_itself_only(device: Device) -> None:
    device.sample(solar=3600, load=3600)
    device.wait(10)
    device.sample(load=3600)
    device.wait(10)
    device.sample(solar=3600, load=3600)
    assert device.counted.kwh("solar") == device.counted.kwh("load") == 0.02


def test_the_wall_clock_may_jump(device: Device) -> None:
    for jump in (timedelta(hours=3), timedelta(hours=-5)):
        device.sample(solar=3600)
        device.clock.jump(jump)
        device.wait(10)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 0.02


# --- restarts


@pytest.mark.parametrize(
    ("gap", "expected"), [(0, 0.01), (120, 0.13), (300, 0.31), (301, 0.01)]
)
def test_a_restart_is_a_gap_like_any_other(
    device: Device, gap: float, expected: float
) -> None:
    device.sample(solar=3600)
    device.wait(10)
    device.sample(solar=3600)
    device.restart()
    device.wait(gap)
    assert device.counted.kwh("solar") == 0.01
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == pytest.approx(expected)


def test_a_crash_loses_nothing_that_the_file_can_bridge(device: Device) -> None:
    """The file is up to half a minute old: its sample is as old as its counter."""
    device.sample(solar=3600)
    device.wait(10)
    device.sample(solar=3600)
    file = device.file()
    for _ in range(3):
        device.wait(10)
        device.sample(solar=3600)
    device.wait(60)
    device.restart(file)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == pytest.approx(0.1)


def test_a_clock_that_is_behind_after_a_restart_counts_nothing(device: Device) -> None:
    device.sample(solar=3600)
    device.restart()
    device.clock.jump(timedelta(days=-300))
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 0.0
    device.wait(10)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 0.01


def test_what_was_shown_is_the_floor(device: Device) -> None:
    """A lost file does not begin at 0: Home Assistant would count all of it twice."""
    device.counted.floor("solar", 5.25)
    assert device.counted.kwh("solar") == 5.25
    device.sample(solar=3600)
    device.wait(10)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 5.26
    device.restart()
    assert device.counted.kwh("solar") == 5.26


@pytest.mark.parametrize("shown", [None, -1.0, 0.0, 0.01])
def test_a_lower_floor_changes_nothing(device: Device, shown: float | None) -> None:
    """Nor does what is only the rounding of the same value: the gap is bridged."""
    device.sample(solar=3600)
    device.wait(10.4)
    device.sample(solar=3600)
    device.restart()
    device.counted.floor("solar", shown)
    device.wait(9.6)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 0.02


def test_a_floor_above_the_file_counts_nothing_twice(device: Device) -> None:
    """What is missing in the file stands in the floor already."""
    device.sample(solar=3600)
    file = device.file()
    device.wait(20)
    device.sample(solar=3600)
    shown = device.counted.kwh("solar")
    device.restart(file)
    device.counted.floor("solar", shown)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == shown == 0.02
    device.wait(10)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 0.03


def test_a_floor_in_the_middle_of_a_run_keeps_counting(device: Device) -> None:
    device.sample(solar=3600)
    device.counted.floor("solar", 1.0)
    device.wait(10)
    device.sample(solar=3600)
    assert device.counted.kwh("solar") == 1.01


def test_a_damaged_sample_is_dropped_and_the_counter_kept() -> None:
    stored = {"value": 5.0, "at": START.isoformat(), "day": "2026-11-20"}
    for power in (-1, "x", None, True, [1]):
        assert "power" not in valid(stored | {"power": power})
        assert valid(stored | {"power": power})["value"] == 5.0
    assert valid(stored | {"power": 3600.0})["power"] == 3600.0


steps = st.tuples(
    st.sampled_from(["sample", "restart", "crash", "floor", "jump"]),
    st.floats(0, 400),
    st.one_of(st.none(), st.floats(-20_000, 20_000)),
)


@PROPERTY
@given(st.lists(steps, max_size=25))
def test_it_never_falls_and_never_gains_more_than_was_there(todo: list[Any]) -> None:
    """Whatever happens: not lower, and at most the highest power all the time."""
    device = Device()
    shown, elapsed, file = 0.0, 0.0, None
    for kind, seconds, power in todo:
        match kind:
            case "restart":
                device.restart()
            case "crash" if file is not None:
                device.restart(file)
                device.counted.floor("discharged", shown)
            case "floor":
                device.counted.floor("discharged", shown)
            case "jump" if seconds > 300:
                device.clock.jump(timedelta(seconds=-seconds))
            case _:
                file = device.file()
                device.wait(seconds)
                elapsed += seconds
                device.sample(battery=power)
        value = device.counted.kwh("discharged")
        if value is None:
            continue
        assert value >= shown
        shown = value
    assert shown <= 20.0 * elapsed / 3600 + 0.001 * (len(todo) + 1)
