"""Values as the wire has them, times, and the power that a model's code tells."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from custom_components.sungrow_energy._vendor.core.client.plain import blank
from custom_components.sungrow_energy.points import Kind, Point
from custom_components.sungrow_energy.rated import rated_power
from custom_components.sungrow_energy.values import (
    fraction,
    glyphs,
    read,
    unexplained,
)
from custom_components.sungrow_energy.zones import day_of, zone

BERLIN = ZoneInfo("Europe/Berlin")
SUMMER = datetime(2026, 9, 2, 12, tzinfo=UTC)


def point(kind: Kind, codes: str | None = None) -> Point:
    """Return a point of a kind."""
    return Point("1", "key", kind, codes=codes)


@pytest.mark.parametrize(("raw", "shown"), [("-67", -67.0), ("82", None), ("0", None)])
def test_a_signal_is_in_dbm_only_below_zero(raw: str, shown: float | None) -> None:
    """Some modules say it otherwise."""
    assert read(point(Kind.SIGNAL), raw) == shown


@pytest.mark.parametrize("raw", [None, "", " ", "--", "null", "NULL", "NaN", "None"])
def test_nothing_has_many_spellings(raw: object) -> None:
    """None of them is a zero."""
    assert blank(raw)
    assert read(point(Kind.POWER), raw) is None
    assert read(point(Kind.TEXT), raw) is None


@pytest.mark.parametrize(
    ("kind", "raw", "expected"),
    [
        (Kind.POWER, "801.0", 801.0),
        (Kind.POWER, -12, -12.0),
        (Kind.POWER, True, None),
        (Kind.POWER, "many", None),
        (Kind.ENERGY, "20200.0", 20.2),
        (Kind.ENERGY, "-3", None),
        (Kind.STORED_ENERGY, "6400", 6.4),
        (Kind.REACTIVE_ENERGY, "1500", 1.5),
        (Kind.SOC, "0.41", 41.0),
        (Kind.SOC, "1", 100.0),
        (Kind.SOC, "41", 41.0),
        (Kind.SOC, "0", 0.0),
        (Kind.SOC, "101", None),
        (Kind.SOC, "-0.1", None),
        (Kind.SOC_PERCENT, "0.4", 0.4),
        (Kind.SOC_PERCENT, "62", 62.0),
        (Kind.SOC_PERCENT, "1000", None),
        (Kind.CELL_VOLTAGE, "3301", 3301.0),
        (Kind.COUNT, "-1", None),
        (Kind.CODE, "17", 17),
        (Kind.CODE, "1.5", None),
        (Kind.TEXT, " 3#12 ", "3#12"),
        (Kind.TEXT, "电池", None),
    ],
)
def test_a_value_is_read_by_its_kind(
    kind: Kind, raw: object, expected: float | str | None
) -> None:
    """Wh become kWh, fractions percent; what cannot be is unknown."""
    assert read(point(kind), raw) == expected


@pytest.mark.parametrize(
    ("raw", "unit", "watts"),
    [
        ("7.2", "kW", 7200.0),
        ("7.2", None, 7200.0),
        ("7200", "W", 7200.0),
        ("7200", None, 7200.0),
        ("60", "W", 60.0),
    ],
)
def test_a_charger_speaks_kw_or_w(raw: str, unit: str | None, watts: float) -> None:
    """The dictionary's unit is believed; without one no charger has 100 kW."""
    assert read(point(Kind.CHARGER_POWER), raw, unit) == watts


def test_an_unknown_status_has_no_value() -> None:
    """A code that no table has is not shown as anything."""
    status = point(Kind.STATUS, "charger_status")
    assert read(status, "3") == "charging"
    assert read(status, "77") is None


@pytest.mark.parametrize(
    ("raw", "unit", "shown", "expected"),
    [
        ("0.5", None, "%", 50.0),
        ("50", None, "%", 50.0),
        ("0.5", "%", "%", 0.5),
        ("0.5", None, None, 0.5),
        ("ready", None, None, "ready"),
        ("离线", None, None, None),
        ("--", "W", None, None),
    ],
)
def test_a_point_of_no_table(
    raw: str, unit: str | None, shown: str | None, expected: float | str | None
) -> None:
    """Only where the app shows percent of a bare fraction it is multiplied."""
    assert unexplained(raw, unit, shown) == expected


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("℃", "°C"),
        ("W/㎡", "W/m²"),
        ("H", "h"),
        ("", None),
        ("--", None),
        (None, None),
        ("万元", None),
        ("kWh", "kWh"),
    ],
)
def test_units_are_spelt_as_home_assistant_does(
    unit: object, expected: str | None
) -> None:
    """A glyph that is refused would cost the entity."""
    assert glyphs(unit) == expected


def test_a_fraction_of_a_little_over_one_is_percent() -> None:
    """The rule of section 3.0, to the letter."""
    assert fraction(1.0) == 100.0
    assert fraction(1.01) == 1.01


@pytest.mark.parametrize(
    ("model", "watts"),
    [
        ("SH10RT", 10000.0),
        ("SH10RT-V112", 10000.0),
        ("SH3.6RS", 3600.0),
        ("SH3K6", 3600.0),
        ("SH5K-30", 5000.0),
        ("SG110CX", 110000.0),
        ("sg5.0rs", 5000.0),
        ("SBR128", None),
        ("WiNet-S", None),
        ("SH", None),
        ("SH0RT", None),
        (None, None),
    ],
)
def test_the_model_tells_the_rated_power(
    model: str | None, watts: float | None
) -> None:
    """Only inverters are named after their power."""
    assert rated_power(model) == watts


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (None, BERLIN),
        (2, BERLIN),
        (1, BERLIN),
        (8, timezone(timedelta(hours=8))),
    ],
)
def test_home_is_taken_where_it_can_be(hours: int | None, expected: object) -> None:
    """Whether the offset follows summer time is not known."""
    distance = None if hours is None else timedelta(hours=hours)
    assert zone(distance, BERLIN, SUMMER) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("20260902", date(2026, 9, 2)),
        ("202609", date(2026, 9, 1)),
        (2026, date(2026, 1, 1)),
        ("20260231", None),
        ("0000", None),
        ("x", None),
    ],
)
def test_periods_begin_with_a_day(raw: object, expected: date | None) -> None:
    """A month or a year is named by its first day."""
    assert day_of(raw) == expected
