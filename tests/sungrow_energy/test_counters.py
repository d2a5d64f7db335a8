"""Counters of a device or plant never dip (reference section 10.9)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from homeassistant.components.sensor import SensorStateClass
import pytest

from custom_components.sungrow_energy._vendor.core.client.budget import Budget
from custom_components.sungrow_energy._vendor.core.client.clock import SystemClock
from custom_components.sungrow_energy._vendor.core.client.redact import Redactor
from custom_components.sungrow_energy._vendor.core.ha.account import Account
from custom_components.sungrow_energy.counters import guarded
from custom_components.sungrow_energy.describe import SORTS
from custom_components.sungrow_energy.points import PLANT_TYPE, TABLES, table
from custom_components.sungrow_energy.readings import Value

ZONE = ZoneInfo("Europe/Berlin")
NOON = datetime(2026, 9, 2, 12, 0, tzinfo=ZONE)
NIGHT = datetime(2026, 9, 2, 23, 55, tzinfo=ZONE)
STEP = timedelta(minutes=5)


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def account() -> Account:
    """An account that remembers nothing yet."""
    return Account(budget=Budget(clock=SystemClock()), redactor=Redactor())


def shown(
    account: Account, key: str, values: list[Value], start: datetime = NOON
) -> list[Value]:
    """Return what is shown of values that come every five minutes."""
    return [
        guarded(
            account,
            "plant_5",
            PLANT_TYPE,
            {} if value is None else {key: value},
            start + n * STEP,
        ).get(key)
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([500.0, 499.8, 499.9, 500.1], [500.0, 500.0, 500.0, 500.1]),
        ([500.0, 451.0, 451.1, 451.2, 451.3], [500.0] * 5),
        ([500.0, None, 0.0, 500.2], [500.0, 500.0, 500.0, 500.2]),
        ([500.0, 1.0, 1.1, 1.2, 1.3], [500.0, 500.0, 500.0, 1.2, 1.3]),
        ([None, 500.0], [None, 500.0]),
    ],
)
def test_a_lifetime_counter(
    account: Account, values: list[Value], expected: list[Value]
) -> None:
    """Dips and false zeros are held, a real new start passes once it is sure."""
    assert shown(account, "load_energy_total", values) == expected


def test_a_day_begins_once(account: Account) -> None:
    """Yesterday's value that comes late, or again, is not counted a second time."""
    values: list[Value] = [12.4, 12.4, 0.0, 12.4, 0.0, 0.1]
    found = shown(account, "pv_energy_today", values, NIGHT)
    assert found == [12.4, 12.4, 0.0, 0.0, 0.0, 0.1]


def test_a_month_begins_anew(account: Account) -> None:
    """What ended with the month is no dip."""
    key, end = "pv_energy_month", datetime(2026, 9, 30, 23, 55, tzinfo=ZONE)
    found = [
        guarded(account, "SN", 1, {key: value}, end + n * STEP)[key]
        for n, value in enumerate((300.0, 0.0, 0.2))
    ]
    assert found == [300.0, 0.0, 0.2]


def test_other_values_pass(account: Account) -> None:
    """A power may fall, and what is planned is no counter."""
    for values in ({"pv_power": 9.0, "planned_charge": 8.0}, {"pv_power": 1.0}):
        assert guarded(account, "p", PLANT_TYPE, values, NOON) == values


@pytest.mark.parametrize(
    ("device_type", "key", "values", "expected"),
    [
        (PLANT_TYPE, "battery_cycles", (80, 8, 81), (80, 80, 81)),
        (7, "forward_reactive_energy_total", (500.0, 4.0, 500.2), (500.0, 500.0, 500.2)),
        (5, "irradiation_today", (2000.0, 90.0, 2050.0), (2000.0, 2000.0, 2050.0)),
        (5, "irradiation_total", (9000.0, 90.0, 9110.0), (9000.0, 9000.0, 9110.0)),
    ],
)  # fmt: skip
def test_whatever_rises_is_held(
    account: Account,
    device_type: int,
    key: str,
    values: tuple[Value, ...],
    expected: tuple[Value, ...],
) -> None:
    """Home Assistant takes a dip of any counter for a new start."""
    found = [
        guarded(account, "p", device_type, {key: value}, NOON + n * STEP)[key]
        for n, value in enumerate(values)
    ]
    assert tuple(found) == expected


def test_every_sensor_that_rises_is_guarded() -> None:
    """Whatever its kind."""
    for device_type in (PLANT_TYPE, *TABLES):
        for point in table(device_type):
            rises = SORTS[point.kind].state_class is SensorStateClass.TOTAL_INCREASING
            assert rises is (point.span is not None), point.key


@pytest.mark.parametrize(("rated", "expected"), [(None, 500.0), (2e6, 700.0)])
def test_a_large_plant_gains_more(
    account: Account, rated: float | None, expected: float
) -> None:
    """A leap that no house makes is doubted, unless the plant is that large."""
    for value, at in ((500.0, NOON), (700.0, NOON + 2 * STEP)):
        found = guarded(
            account, "p", 1, {"pv_energy_total": value}, at, rated_power=rated
        )
    assert found["pv_energy_total"] == expected
