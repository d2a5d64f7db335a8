"""What people see of a station over hours and days (sections 9 and 10.1)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.goodwe_energy._vendor.core.client.budget import Budget
from custom_components.goodwe_energy._vendor.core.client.clock import SystemClock
from custom_components.goodwe_energy._vendor.core.client.redact import Redactor
from custom_components.goodwe_energy._vendor.core.ha.account import Account
from custom_components.goodwe_energy.chains import Known
from custom_components.goodwe_energy.hold import device_values, holding
from custom_components.goodwe_energy.plant_values import plant_values
from custom_components.goodwe_energy.readings import (
    Alarms,
    DeviceEntry,
    DeviceLive,
    Energy,
    Income,
    PlantEntry,
    PlantLive,
    Value,
)
from custom_components.goodwe_energy.tables import Cls

ZONE = ZoneInfo("Australia/Brisbane")
NOON = datetime(2026, 10, 12, 12, 0, tzinfo=ZONE)
EVENING = datetime(2026, 10, 12, 23, 50, tzinfo=ZONE)
ENTRY = PlantEntry(id="P", name="Home", observed_at=NOON, has_battery=True)


@pytest.fixture(autouse=True)
def goodwe() -> None:
    """Home Assistant is not needed here."""


def device(serial: str, cls: Cls = "inverter", status: str = "running") -> DeviceEntry:
    """Return a device."""
    return DeviceEntry(serial=serial, type="T", cls=cls, name=serial, status=status)


HYBRID, SECOND = device("I1"), device("I2")
RACK, METER = device("R1", "battery"), device("M1", "meter")


class Home:
    """A station, and an account that remembers its counters."""

    def __init__(self, now: datetime = NOON) -> None:
        """Begin with nothing."""
        self.account = Account(budget=Budget(clock=SystemClock()), redactor=Redactor())
        self.now = now
        self.devices: dict[str, DeviceEntry] = {}

    def count(self, entry: DeviceEntry, **values: float) -> dict[str, Value]:
        """Read the counters of a device; return its values."""
        self.devices[entry.serial] = entry
        counters = DeviceLive(
            observed_at=self.now.astimezone(UTC), serial=entry.serial, values=values
        )
        return device_values(self.account, entry, self.now, counters=counters)

    def today(self, **series: float) -> Energy:
        """Return the day's statistics as they are read now."""
        days = {key: {self.now.date(): value} for key, value in series.items()}
        return Energy(observed_at=self.now.astimezone(UTC), series=days)

    def show(self, entry: PlantEntry = ENTRY, **known: Any) -> dict[str, Value]:
        """Return the values of the station."""
        return plant_values(
            self.account,
            "P",
            Known(
                now=self.now,
                entry=entry,
                devices=list(self.devices.values()),
                **known,
            ),
        )

    def wait(self, **time: float) -> None:
        """Let time pass."""
        self.now += timedelta(**time)


def listed(home: Home, **totals: float) -> PlantEntry:
    """Return the station with totals of its row, as it is read now."""
    return replace(ENTRY, listed=totals, listed_at=home.now)


def test_what_nobody_says_is_missing() -> None:
    """Nothing is made up."""
    assert Home().show() == {}


def test_solar_energy_is_that_of_all_inverters() -> None:
    """Their lifetime counters are preferred to the station's own (section 9)."""
    home = Home()
    home.count(HYBRID, pv_energy_total=1000.0, pv_energy_month=90, pv_energy_year=900)
    home.count(SECOND, pv_energy_total=500.0, pv_energy_month=40)
    shown = home.show(listed(home, solar_energy_total=1490.0))
    assert shown["solar_energy_total"] == 1500
    assert (shown["solar_energy_month"], shown["solar_energy_year"]) == (130, 900)


def test_the_stations_own_total_stands_in_for_inverters() -> None:
    """None of them counts."""
    home = Home()
    home.count(HYBRID)
    shown = home.show(listed(home, solar_energy_total=1490.0, battery_charge_total=7.0))
    assert (shown["solar_energy_total"], shown["battery_charge_total"]) == (1490, 7)


def test_no_worse_source_is_taken_while_a_better_one_was_not_asked() -> None:
    """Else the total would leap by what they are apart."""
    home = Home()
    entry = listed(home, solar_energy_total=1490.0)
    assert "solar_energy_total" not in home.show(entry, waiting={"counters"})
    home.count(HYBRID, pv_energy_total=1500.0)
    assert home.show(entry)["solar_energy_total"] == 1500


def test_a_better_source_is_taken_when_it_speaks_for_the_first_time() -> None:
    """The total goes on from where it stood; later the better one stays as always."""
    home = Home()
    home.devices["I1"] = HYBRID
    entry = listed(home, solar_energy_total=1490.0)
    assert home.show(entry)["solar_energy_total"] == 1490
    home.wait(minutes=5)
    home.count(HYBRID, pv_energy_total=1500.0)
    assert home.show(entry)["solar_energy_total"] == 1490
    home.wait(minutes=5)
    home.count(HYBRID, pv_energy_total=1500.5)
    assert home.show(entry)["solar_energy_total"] == 1490.5
    home.wait(hours=4)
    entry = listed(home, solar_energy_total=1492.0)
    home.show(entry)
    home.wait(minutes=30)
    entry = listed(home, solar_energy_total=1492.6)
    assert home.show(entry)["solar_energy_total"] == pytest.approx(1493.1)


@pytest.mark.parametrize(
    ("answer", "minutes"), [("listed", 180), ("counters", 60), ("today", 60)]
)
def test_how_long_an_answer_is_of_the_present(answer: str, minutes: int) -> None:
    """An hour, and three of its turns: the station's list comes once an hour."""
    every = {"listed": timedelta(hours=1), "counters": timedelta(minutes=5)}
    known = Known(now=NOON, entry=ENTRY, every=every)
    said = NOON - timedelta(minutes=minutes)
    assert not known.fresh(answer, said)
    assert known.fresh(answer, said + timedelta(seconds=1))


def test_inverters_that_sleep_are_waited_for_while_nothing_is_known() -> None:
    """Else what the station says by night would be taken, and not the better one."""
    home = Home()
    home.devices["I1"] = device("I1", status="offline")
    entry = listed(home, solar_energy_total=1490.0)
    assert "solar_energy_total" not in home.show(entry, away={"inverter"})
    home.wait(hours=6)
    home.count(HYBRID, pv_energy_total=1500.0)
    assert home.show(entry)["solar_energy_total"] == 1500
    home.wait(hours=12)
    entry = listed(home, solar_energy_total=1495.0)
    assert home.show(entry, away={"inverter"})["solar_energy_total"] == 1500


def test_a_total_goes_on_where_it_stood_as_its_source_changes() -> None:
    """The meter falls silent: what statistics gain is added to what it said."""
    home = Home()
    home.count(METER, import_total=100.0)
    lifetime = {"grid_import": 90.0}
    assert (
        home.show(lifetime=lifetime, lifetime_at=home.now)["grid_import_total"] == 100
    )
    home.wait(hours=2)
    lifetime = {"grid_import": 91.5}
    shown = home.show(lifetime=lifetime, lifetime_at=home.now)
    assert shown["grid_import_total"] == pytest.approx(101.5)


@pytest.mark.parametrize("meters", [1, 2])
def test_of_two_meters_nobody_knows_which_is_the_grids(meters: int) -> None:
    """Then the statistics count (10.11)."""
    home = Home()
    for n in range(meters):
        home.count(device(f"M{n}", "meter"), export_total=40.0, export_today=4.0)
    shown = home.show(
        today=home.today(grid_export=3.0),
        lifetime={"grid_export": 39.0},
        lifetime_at=home.now,
    )
    expected = (40, 4) if meters == 1 else (39, 3)
    assert (shown["grid_export_total"], shown["grid_export_today"]) == expected


def test_a_batterys_energy_is_the_inverters_or_the_racks() -> None:
    """In this order (section 9)."""
    home = Home()
    home.count(RACK, battery_charge_total=30.0)
    assert home.show()["battery_charge_total"] == 30
    other = Home()
    other.count(RACK, battery_charge_total=30.0)
    other.count(HYBRID, battery_charge_total=31.0)
    assert other.show()["battery_charge_total"] == 31


def test_a_station_without_a_battery_has_none_of_its_energies() -> None:
    """Whatever zeros the cloud tells."""
    home = Home()
    entry = replace(ENTRY, has_battery=False, capacity_kwh=5.0)
    shown = home.show(entry, today=home.today(battery_charge=0.0, self_use=1.0))
    assert shown == {"self_use_today": 1}


def test_an_inverter_that_sleeps_keeps_its_share() -> None:
    """At night it is not asked, and the total does not fall by what it made."""
    home = Home()
    home.count(HYBRID, pv_energy_total=1000.0)
    home.count(SECOND, pv_energy_total=500.0)
    assert home.show()["solar_energy_total"] == 1500
    for _ in range(6):
        home.wait(hours=1)
        home.count(HYBRID, pv_energy_total=1000.0)
        assert home.show()["solar_energy_total"] == 1500


def test_a_lifetime_counter_never_is_zero_after_it_was_not() -> None:
    """Nor is it ever smaller (10.1)."""
    home = Home()
    home.count(HYBRID, pv_energy_total=1000.0)
    home.wait(minutes=5)
    for zero in (0.0, 999.8):
        assert home.count(HYBRID, pv_energy_total=zero)["pv_energy_total"] == 1000
        assert home.show()["solar_energy_total"] == 1000


@pytest.mark.parametrize(
    ("hour", "minute", "held"),
    [(23, 57, False), (23, 58, True), (0, 0, True), (0, 19, True), (0, 20, False)],
)
def test_when_periods_are_held(hour: int, minute: int, held: bool) -> None:
    """In the station's own time (10.1, 10.16)."""
    assert holding(NOON.replace(hour=hour, minute=minute)) is held


@pytest.mark.parametrize("late", [0, 10, 19, 45])
def test_counters_of_a_day_go_once_from_the_old_day_to_the_new_one(late: int) -> None:
    """However long the cloud tells yesterday's, or zeros in between."""
    home = Home(EVENING)
    solar: list[Any] = []
    imported: list[Any] = []
    for minute in range(0, 120, 5):
        midnight = datetime.combine(date(2026, 10, 13), NOON.time(), ZONE)
        since = home.now - midnight.replace(hour=0)
        new = since >= timedelta(minutes=late)
        value = round(0.1 + 0.01 * minute, 2) if new else 24.6
        if timedelta() <= since < timedelta(minutes=5):
            value = 0.0
        values = home.count(METER, import_today=value)
        found = home.show(today=home.today(solar_energy=value))
        solar.append(found["solar_energy_today"])
        imported.append(values["import_today"])
        assert found["grid_import_today"] == values["import_today"]
        home.wait(minutes=5)
    for series in (solar, imported):
        falls = [(a, b) for a, b in pairwise(series) if b < a]
        assert len(falls) == 1
        assert falls[0][0] == 24.6
        assert falls[0][1] < 2
        assert series[-1] < 2
    assert solar[2:6] == [24.6] * 4


def test_months_and_years_are_held_too() -> None:
    """The old month's energy is not the new one's."""
    home = Home(datetime(2026, 10, 31, 23, 50, tzinfo=ZONE))
    months: list[Value] = []
    for value in (90.0, 90.0, 0.0, 90.0, 0.2, 0.2, 0.3, 0.3):
        home.count(HYBRID, pv_energy_month=value, pv_energy_week=value)
        months.append(home.show()["solar_energy_month"])
        home.wait(minutes=7)
    assert months == [90, 90, 90, 90, 90, 0.2, 0.3, 0.3]


def test_money_of_a_day_counts_from_its_midnight() -> None:
    """It is held at midnight; that it falls is true where prices are negative."""
    home = Home(EVENING)

    def income(value: float) -> Income:
        return Income(
            observed_at=home.now.astimezone(UTC),
            values={"income_today": value},
            currency="AUD",
        )

    shown = home.show(income=income(4.31))
    assert (shown["income_today"], shown["currency"]) == (4.31, "AUD")
    assert shown["income_since"] == datetime(2026, 10, 12, tzinfo=ZONE)
    home.wait(minutes=2)
    assert home.show(income=income(4.2))["income_today"] == 4.2
    home.wait(minutes=20)
    held = home.show(income=income(0.0))
    assert (held["income_today"], held["income_since"]) == (
        4.2,
        shown["income_since"],
    )
    home.wait(minutes=20)
    new = home.show(income=income(0.01))
    assert new["income_today"] == 0.01
    assert new["income_since"] == datetime(2026, 10, 13, tzinfo=ZONE)
    assert home.show()["income_today"] == 0.01


@pytest.mark.parametrize(
    ("statuses", "watts"),
    [(("offline", "waiting"), 0), (("offline", "running"), None), ((), None)],
)
def test_the_sun_gives_nothing_while_all_inverters_sleep(
    statuses: Iterable[str], watts: float | None
) -> None:
    """Else a flow without solar power tells nothing of it (3.3)."""
    home = Home()
    for n, status in enumerate(statuses):
        entry = device(f"I{n}", status=status)
        home.devices[entry.serial] = entry
    assert home.show().get("pv_power") == watts


def test_what_is_known_of_a_station_is_in_one_place() -> None:
    """Powers, states, shares and alarms are by the keys of section 9."""
    home = Home()
    energy = replace(home.today(), rates={"self_sufficiency_today": 81.5})
    shown = home.show(
        replace(ENTRY, status="running", capacity_kwh=16.0),
        live=PlantLive(observed_at=NOON, values={"pv_power": 4215.0}),
        today=energy,
        alarms=Alarms(observed_at=NOON, active_count=2),
    )
    assert shown == {
        "pv_power": 4215,
        "status": "running",
        "battery_capacity": 16,
        "active_alarms": 2,
        "self_sufficiency_today": 81.5,
    }


def test_what_is_known_of_a_device_is_in_one_place() -> None:
    """Lists, information, telemetry and counters; without an answer no counters."""
    home = Home()
    info = DeviceLive(observed_at=NOON, serial="I1", values={"firmware": "12"})
    live = DeviceLive(observed_at=NOON, serial="I1", values={"power": 2575.0})
    known = {"status": "running", "firmware": "12", "power": 2575}
    assert (
        device_values(home.account, HYBRID, NOON, live=live, information=info) == known
    )
    assert home.count(HYBRID, rated_power=10_000.0) == {
        "status": "running",
        "rated_power": 10_000,
    }


def test_a_large_plant_may_gain_more_than_a_house() -> None:
    """Its rated power tells how much is no slip of the counter."""
    home = Home()
    large = replace(ENTRY, pv_kwp=300.0)
    for total in (1000.0, 1400.0):
        home.count(HYBRID, pv_energy_total=total, rated_power=250_000.0)
        shown = home.show(large)
        home.wait(hours=1)
    assert shown["solar_energy_total"] == 1400
