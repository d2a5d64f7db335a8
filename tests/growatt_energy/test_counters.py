"""Counters of records never dip, whatever Growatt sends around midnight."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.client.clock import SystemClock
from custom_components.growatt_energy._vendor.core.client.redact import Redactor
from custom_components.growatt_energy._vendor.core.ha.account import Account
from custom_components.growatt_energy.counters import guarded
from custom_components.growatt_energy.readings import Value

ZONE = ZoneInfo("Australia/Brisbane")
NOON = datetime(2026, 5, 12, 12, 0, tzinfo=ZONE)
NIGHT = datetime(2026, 5, 12, 23, 55, tzinfo=ZONE)
STEP = timedelta(minutes=5)


@pytest.fixture
def account() -> Account:
    """An account that remembers nothing yet."""
    return Account(budget=Budget(clock=SystemClock()), redactor=Redactor())


def test_midnight_bounce_is_one_new_start(account: Account) -> None:
    """Value, 0, yesterday's value, 0 is one day after the other (Q3)."""
    shown = [
        guarded(account, "SN", {"solar_energy_today": value}, NIGHT + n * STEP)
        for n, value in enumerate((12.4, 0.0, 12.4, 0.0, 0.0))
    ]
    assert [values["solar_energy_today"] for values in shown] == [12.4, 0, 0, 0, 0]


@pytest.mark.parametrize("key", ["export_energy_total", "energy_total"])
def test_lifetime_counter_holds_a_zero(account: Account, key: str) -> None:
    """A total that flashes 0 is no new start (Q3, Q11)."""
    shown = [
        guarded(account, "SN", {key: value}, NOON + n * STEP)[key]
        for n, value in enumerate((1310.7, 0.0, 1310.8))
    ]
    assert shown == [1310.7, 1310.7, 1310.8]


def test_small_dip_of_the_day_is_held(account: Account) -> None:
    """The dashboard's import falls by 0.1 to 0.2 kWh now and then (Q4)."""
    shown = [
        guarded(account, "SN", {"import_energy_today": value}, NOON + n * STEP)
        for n, value in enumerate((3.1, 2.9, 3.2))
    ]
    assert [values["import_energy_today"] for values in shown] == [3.1, 3.1, 3.2]


def test_a_new_month_begins_anew(account: Account) -> None:
    """Once it is told: soon after midnight it may still be the old one's."""
    last = datetime(2026, 5, 31, 23, 55, tzinfo=ZONE)
    shown = [
        guarded(account, "SN", {"generation_energy_month": value}, at)
        for at, value in ((last, 310.0), (last + STEP, 310.0), (last + 2 * STEP, 0.0))
    ]
    assert [values["generation_energy_month"] for values in shown] == [310, 310, 0]
    later = guarded(
        account, "SN", {"generation_energy_month": 0.5}, last + timedelta(days=31)
    )
    assert later["generation_energy_month"] == 0.5


def test_a_large_plant_may_gain_more_than_a_house(account: Account) -> None:
    """120 kW give 10 kWh in five minutes; that is no jump."""
    values: list[dict[str, Value]] = [
        {"output_energy_total": total, "output_power": 120_000.0}
        for total in (5000.0, 5010.0)
    ]
    guarded(account, "SN", values[0], NOON)
    shown = guarded(account, "SN", values[1], NOON + STEP)
    assert shown["output_energy_total"] == 5010.0


def test_a_jump_of_a_house_is_doubted(account: Account) -> None:
    """What no house can gain in five minutes is held until it is confirmed."""
    guarded(account, "SN", {"output_energy_total": 5000.0}, NOON)
    shown = guarded(account, "SN", {"output_energy_total": 5010.0}, NOON + STEP)
    assert shown["output_energy_total"] == 5000.0


def test_devices_and_what_is_no_counter_are_apart(account: Account) -> None:
    """Each device counts for itself; powers and words stay as they are."""
    guarded(account, "A", {"load_energy_total": 900.0}, NOON)
    values: dict[str, Value] = {
        "load_energy_total": 5.0,
        "load_power": 0.0,
        "status": "Normal",
        "running_time": 3.0,
    }
    assert guarded(account, "B", values, NOON) == values
