"""Counters of a plant never leap, whoever says them (reference sections 9.1, 10.9)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.clock import SystemClock
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy._vendor.core.ha.account import Account
from custom_components.sungrow_energy.chains import Known
from custom_components.sungrow_energy.plant_values import guarded_values
from custom_components.sungrow_energy.readings import DeviceLive, PlantLive, Value

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 9, 2, 12, 0, tzinfo=ZONE)
STEP = timedelta(minutes=5)
HYBRID, INVERTER, METER, PLANT = 14, 1, 7, 11
TOTAL, TODAY = "pv_energy_total", "pv_energy_today"


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


class Home:
    """A plant, and what Home Assistant counts of one of its counters."""

    def __init__(self, key: str = TOTAL) -> None:
        """Begin with nothing."""
        self.account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
        self.key = key
        self.now = NOON
        self.shown: list[Value] = []

    def poll(
        self,
        *devices: DeviceLive,
        own: float | None = None,
        asleep: Iterable[DeviceLive] = (),
        waiting: Iterable[int] = (),
        at: datetime | None = None,
        every: timedelta = STEP,
    ) -> Value:
        """Show what an answer says, and let time pass until the next one."""
        points: dict[str, Value] = {} if own is None else {self.key: own}
        found = guarded_values(
            self.account,
            "plant_5",
            Known(
                now=self.now,
                plant=PlantLive(
                    plant_id="5", observed_at=at or self.now, values=points
                ),
                devices=devices,
                asleep=list(asleep),
                waiting=frozenset(waiting),
            ),
        )
        self.shown.append(found.get(self.key))
        self.now += every
        return self.shown[-1]

    def device(
        self, kind: int, value: float, *, number: int = 1, ago: timedelta = STEP
    ) -> DeviceLive:
        """Return a sample of a device that counts."""
        at = (self.now - ago).astimezone(UTC)
        return DeviceLive(
            ps_key=f"5_{kind}_{number}_1",
            type=kind,
            observed_at=at,
            values={self.key: value},
        )

    @property
    def counted(self) -> float:
        """What Home Assistant makes of a total_increasing sensor."""
        known = [value for value in self.shown if isinstance(value, float)]
        gains = (
            after if after < 0.9 * before else after - before
            for before, after in pairwise(known)
        )
        return round(sum(gains), 3)


def test_a_device_that_sleeps_takes_nothing_away() -> None:
    """Its lifetime stands while the other one goes on counting."""
    home = Home()
    for n in range(12):
        hybrid = home.device(HYBRID, 8000.0 + n / 10)
        string = home.device(INVERTER, 20000.0)
        if 3 <= n < 8:
            string = home.device(INVERTER, 20000.0, ago=timedelta(hours=1))
            home.poll(hybrid, asleep=[string])
        else:
            home.poll(hybrid, string)
    assert home.shown[0] == 28000.0
    assert (home.counted, home.shown[-1]) == (1.1, 28001.1)


def test_a_device_that_says_nothing_at_all_keeps_its_share() -> None:
    """As after a restart, or when it left the plant."""
    home = Home()
    home.poll(home.device(HYBRID, 8000.0), home.device(INVERTER, 20000.0))
    for n in range(1, 6):
        home.poll(home.device(HYBRID, 8000.0 + n / 10))
    assert (home.counted, home.shown[-1]) == (0.5, 28000.5)


def test_at_the_start_all_devices_are_waited_for() -> None:
    """Their documents come one after the other."""
    home = Home()
    for _ in range(3):
        home.poll(home.device(HYBRID, 8000.0), waiting={INVERTER})
    for _ in range(5):
        home.poll(home.device(HYBRID, 8000.0), home.device(INVERTER, 20000.0))
    assert home.shown == [None] * 3 + [28000.0] * 5


def test_at_the_start_the_plants_own_points_are_waited_for() -> None:
    """That they have not come yet does not mean that they are null."""
    home = Home()
    home.poll(home.device(HYBRID, 9000.0), waiting={PLANT})
    home.poll(home.device(HYBRID, 9000.0), own=12000.0)
    assert home.shown == [None, 12000.0]


def test_a_device_that_is_new_begins_where_the_plant_stands() -> None:
    """What it counted before it came is nobody's energy of today."""
    home = Home()
    home.poll(home.device(HYBRID, 8000.0))
    for n in range(6):
        home.poll(
            home.device(HYBRID, 8000.0 + n / 10),
            home.device(INVERTER, 20000.0 + n / 10),
        )
    assert (home.counted, home.shown[-1]) == (1.0, 8001.0)


def test_a_device_that_was_replaced_begins_where_the_plant_stands() -> None:
    """Its counter began anew; the plant's goes on."""
    home = Home()
    for value in (8000.0, 8000.1, 1.2, 1.4, 1.5):
        home.poll(home.device(HYBRID, value), home.device(INVERTER, 20000.0))
    assert (home.counted, home.shown[-1]) == (0.4, 28000.4)


def test_another_source_goes_on_where_the_last_one_stood() -> None:
    """Two counters of the same thing never stand alike."""
    home = Home()
    for n in range(3):
        home.poll(home.device(HYBRID, 9000.0 + n / 10), own=12000.0 + n / 10)
    hour = timedelta(hours=1)
    for n in range(3, 60):
        home.poll(home.device(HYBRID, 9000.0 + n / 10), every=hour)
    # What the other one counts in the silence is shown at once: it never steps
    assert home.shown[3:40] == [pytest.approx(12000.3 + n / 10) for n in range(37)]
    assert (home.counted, home.shown[-1]) == (5.9, 12005.9)
    for n in range(60, 64):
        home.poll(home.device(HYBRID, 9000.0 + n / 10), own=12006.0)
    assert home.shown[-1] == 12006.3


def test_a_source_that_speaks_again_goes_on_by_itself() -> None:
    """What stood in for it was only as good as it could be."""
    home = Home()
    home.poll(home.device(HYBRID, 9000.0), own=12000.0)
    for n in range(12):
        home.poll(home.device(HYBRID, 9000.0 + n), every=timedelta(hours=1))
    assert home.shown[-1] == 12011.0
    home.poll(home.device(HYBRID, 9012.0), own=12011.5)
    home.poll(home.device(HYBRID, 9090.0), own=12012.0)
    assert (home.counted, home.shown[-2:]) == (12.0, [12011.5, 12012.0])


def test_what_stands_in_may_fall_silent_too() -> None:
    """It stands, or the next one goes on; the first one's return mends the rest."""
    home = Home("grid_import_total")

    def meter(value: float) -> DeviceLive:
        return replace(
            home.device(METER, value), values={"forward_energy_total": value}
        )

    home.poll(home.device(HYBRID, 500.0), meter(70.0), own=900.0)
    home.poll(home.device(HYBRID, 500.0), meter(70.0))
    home.poll(home.device(HYBRID, 502.0), meter(72.0))
    home.poll(asleep=[home.device(HYBRID, 502.0), meter(72.0)])
    home.poll(meter(73.0), asleep=[home.device(HYBRID, 502.0)])
    home.poll(meter(74.0), asleep=[home.device(HYBRID, 502.0)])
    home.poll(home.device(HYBRID, 505.0), meter(75.0), own=905.0)
    assert home.shown == [900.0, 900.0, 902.0, 902.0, 902.0, 903.0, 905.0]


def test_a_day_goes_on_and_a_new_one_begins_while_a_source_is_silent() -> None:
    """Nobody takes yesterday's for today's."""
    home = Home(TODAY)
    hour = timedelta(hours=1)
    home.now = NOON.replace(hour=22)
    home.poll(home.device(INVERTER, 3.0), own=3.5, every=hour)
    for value in (3.0, 3.25, 0.0, 0.5):
        home.poll(home.device(INVERTER, value), every=hour)
    home.poll(home.device(INVERTER, 1.0), own=1.25)
    assert home.shown == [3.5, 3.5, 3.75, 0.0, 0.5, 1.25]


def test_two_days_without_a_poll_are_no_silence() -> None:
    """Home Assistant was off, and the first answer has a null."""
    home = Home()
    home.poll(home.device(HYBRID, 9000.0), own=12000.2, every=timedelta(days=3))
    home.poll(home.device(HYBRID, 9020.0))
    home.poll(home.device(HYBRID, 9020.0), own=12021.0)
    assert home.shown == [12000.2, 12020.2, 12021.0]
    assert home.account.notes["plant_5/sources"][TOTAL]["from"] == TOTAL


def test_a_false_value_is_not_confirmed_by_what_stands_in() -> None:
    """It goes on from what people saw."""
    home = Home()
    home.poll(home.device(HYBRID, 500.0), own=1000.0)
    home.poll(home.device(HYBRID, 500.1), own=9000.0)
    for n in range(2, 9):
        home.poll(home.device(HYBRID, 500.0 + n / 10))
    assert (home.counted, home.shown[-1]) == (0.7, 1000.7)


def test_a_night_in_which_all_sleep_is_no_silence() -> None:
    """Nobody can know better then, however long it is."""
    home = Home()
    home.poll(home.device(HYBRID, 9000.0), own=12000.0)
    for _ in range(60):
        sleeping = home.device(HYBRID, 9000.0, ago=timedelta(hours=9))
        home.poll(asleep=[sleeping], every=timedelta(hours=1))
    home.poll(home.device(HYBRID, 9000.1), own=12000.1)
    assert home.shown[-1] == 12000.1


def test_one_false_value_does_not_confirm_itself() -> None:
    """Each document of a cycle tells the same reading of the plant again."""
    home = Home()
    home.poll(own=1000.0)
    at = home.now
    for _ in range(5):
        home.poll(own=9000.0, at=at, every=timedelta(seconds=2))
    for n in range(4):
        home.poll(own=1000.2 + n / 10)
    assert max(value for value in home.shown if isinstance(value, float)) == 1000.5
    assert home.counted == 0.5


def test_an_offline_plants_day_is_not_counted_again() -> None:
    """Its last upload is told all night, and is of the day before."""
    home = Home(TODAY)
    home.now = at = NOON.replace(hour=22)
    for _ in range(8):
        home.poll(own=26.1, at=at, every=timedelta(hours=1))
    assert home.shown == [26.1] * 8
    home.poll(own=0.4)
    assert home.shown[-1] == 0.4


def test_a_day_of_several_devices_begins_with_each_ones_own() -> None:
    """Who still tells of the day before counts nothing, and then as much as it has."""
    home = Home(TODAY)
    home.now = NOON.replace(hour=23, minute=50)
    long = timedelta(hours=8)
    home.poll(home.device(HYBRID, 9.0), home.device(INVERTER, 20.0, ago=long))
    home.poll(home.device(HYBRID, 9.0), home.device(INVERTER, 20.0, ago=long))
    home.now += STEP
    for value in (0.0, 0.1):
        home.poll(
            home.device(HYBRID, value),
            asleep=[home.device(INVERTER, 20.0, ago=long)],
        )
    home.poll(home.device(HYBRID, 0.2), home.device(INVERTER, 0.3))
    assert home.shown == [29.0, 29.0, 0.0, 0.1, 0.5]


def test_a_device_that_is_new_today_counts_from_tomorrow_on() -> None:
    """Its share of today would be a leap."""
    home = Home(TODAY)
    home.poll(home.device(HYBRID, 5.0))
    home.poll(home.device(HYBRID, 5.1), home.device(INVERTER, 7.0))
    home.now += timedelta(hours=13)
    home.poll(home.device(HYBRID, 0.1), home.device(INVERTER, 0.2))
    assert home.shown == [5.0, 5.1, pytest.approx(0.3)]


def test_of_two_meters_none_counts_although_one_is_asleep() -> None:
    """Nobody knows which of them is the grid's."""
    home = Home("grid_import_total")

    def meter(number: int, value: float) -> DeviceLive:
        sample = home.device(METER, value, number=number)
        return DeviceLive(
            ps_key=sample.ps_key,
            type=METER,
            observed_at=sample.observed_at,
            values={"forward_energy_total": value, "active_power": 5.0},
        )

    home.poll(meter(1, 400.0), asleep=[meter(2, 90.0)])
    assert home.shown == [None]
    assert home.poll(meter(1, 400.0)) == 400.0


@pytest.mark.parametrize(
    "stored",
    [
        {"from": TOTAL, "day": "2026-09-01"},
        {"from": TOTAL, "parts": {"": [1]}},
        {"from": TOTAL, "parts": {"": ["x", "y"]}, "offset": "x", "silent": 3},
        {"from": TOTAL, "parts": {"": [1.0, "0001-01-01T00:00:00+00:00"]}},
        {"from": "gone", "parts": []},
    ],
)
def test_a_damaged_memory_makes_no_leap(stored: Any) -> None:
    """It begins anew where the counter stands."""
    home = Home()
    home.poll(own=12000.0)
    home.account.note("plant_5/sources", {TOTAL: stored})
    for n in range(4):
        home.poll(own=12000.0 + n / 10)
    assert home.shown[-1] == 12000.3
