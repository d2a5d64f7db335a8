"""One number, many spellings (reference section 3.0); instants (quirk Q7)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.growatt_energy.resolve import (
    OBSERVED,
    RECORDED,
    Kind,
    ServerTime,
    currency,
    decode,
    money,
    quantity,
    serial,
    slot_time,
    words,
)

NOW = datetime(2026, 2, 22, 1, 7, tzinfo=UTC)
RECENT = "2026-02-22T01:04:00+00:00"


@pytest.fixture(autouse=True)
def growatt() -> None:
    """Home Assistant is not needed here."""


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        (19.799999237060547, Kind.ENERGY, 19.8),
        ("0.02", Kind.ENERGY, 0.02),
        ("10.2kWh", Kind.ENERGY, 10.2),
        ("2.37 MWh", Kind.ENERGY, 2370.0),
        ("850 Wh", Kind.ENERGY, 0.85),
        ("200Watt", Kind.POWER, 200.0),
        ("628.8 W", Kind.POWER, 628.8),
        ("1.2kW", Kind.POWER, 1200.0),
        ("45%", Kind.PERCENT, 45.0),
        ("2.37 T", Kind.MASS, 2370.0),
        (49.98199844, Kind.FREQUENCY, 49.98),
        ("-0.8", Kind.RATIO, -0.8),
        (-3, Kind.TEMPERATURE, -3.0),
        (-1, Kind.TEMPERATURE, -1.0),
        ("-70", Kind.DBM, -70.0),
    ],
)
def test_numbers_come_in_the_unit_of_their_kind(
    value: Any, kind: Kind, expected: float
) -> None:
    """A unit that is glued on counts; float32 noise is rounded off."""
    assert quantity(value, kind) == expected


@pytest.mark.parametrize(
    "value",
    [None, "", " ", "null", '"null"', "--", "-", "None", "NaN", True, [], {}, "1,5"],
)
def test_all_spellings_of_nothing_are_nothing(value: Any) -> None:
    """None, in whatever way it is written."""
    assert quantity(value, Kind.POWER) is None
    assert quantity(value, Kind.ENERGY) is None


@pytest.mark.parametrize("kind", [Kind.POWER, Kind.SIGNED_POWER, Kind.ENERGY])
@pytest.mark.parametrize("value", [-0.1, -0.10000000149011612, -1, "-1", "-0.1"])
def test_what_the_device_does_not_have_is_nothing(value: Any, kind: Kind) -> None:
    """-0.1 and -1 stand for "no such thing" (Q24)."""
    assert quantity(value, kind) is None


def test_a_unit_of_another_kind_is_no_value() -> None:
    """Nobody knows what was meant."""
    assert quantity("12 V", Kind.ENERGY) is None


def test_the_factor_is_for_bare_numbers_only() -> None:
    """A value of kW that says so itself is not multiplied again."""
    assert quantity("1.18", Kind.POWER, 1000.0) == 1180.0
    assert quantity("1.18kW", Kind.POWER, 1000.0) == 1180.0


def test_a_watt_of_noah_is_a_watt() -> None:
    """It knows no sentinels: -1 W of feed-in is real."""
    assert quantity(-1.0, Kind.TRUE_POWER) == -1.0


@pytest.mark.parametrize("value", ["\x00\x00-0", "\x00", "null", "", None, "0", 0])
def test_serials_of_nul_bytes_are_none(value: Any) -> None:
    """Such a battery is not there (Q24)."""
    assert serial(value) is None


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("mix.status.normal", "Normal"),
        ("tlx.status.operating", "Operating"),
        ("PV Bat Online", "PV Bat Online"),
        ("null", None),
    ],
)
def test_a_status_is_told_in_words(told: str, shown: str | None) -> None:
    assert decode(told, Kind.STATUS) == shown


def test_text_has_no_nul_bytes() -> None:
    """What is left of it may be shown."""
    assert words("ab\x00c ") == "abc"
    assert words('"null"') is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3.1/€", (3.1, "€")),
        ("474.9 (€)", (474.9, "€")),
        ("0.4 ", (0.4, None)),
        ("2358.9", (2358.9, None)),
        (12.5, (12.5, None)),
        ("/€", (None, "€")),
        ("", (None, None)),
        ("much", (None, None)),
    ],
)
def test_money_may_have_a_sign(
    value: Any, expected: tuple[float | None, str | None]
) -> None:
    """With and without a slash, or in brackets (Q14)."""
    assert money(value) == expected


def test_signs_that_stand_for_many_currencies_are_none() -> None:
    """A dollar may be anybody's."""
    assert currency("aud") == "AUD"
    assert currency("€") == "EUR"
    assert currency("$") is None
    assert currency("null") is None


# Instants


def at(**record: Any) -> datetime | None:
    """Return when a record was made."""
    return ServerTime().instant(record, NOW)


@pytest.mark.parametrize(
    "record",
    [
        {"time": "2026-02-22 09:03:40", "calendar": {"timeInMillis": 1771722220000}},
        {"time": "wrong", "calendar": 1771722220000},
        {"time": 1771722220000},
        {"lastUpdateTime": {"year": 126, "month": 1, "time": 1771722220000}},
        {"lastUpdateTime": 1771722220000, "lastUpdateTimeText": "2020-01-01 00:00:00"},
        {"time": "2026-02-22 09:03:40"},
        {"timeStr": "2026-02-22 09:03:40"},
    ],
)
def test_the_epoch_counts_else_text_is_of_the_server(record: dict[str, Any]) -> None:
    """1:03:40 UTC is 9:03:40 at the server, which is in UTC+8 by default."""
    assert at(**record) == datetime(2026, 2, 22, 1, 3, 40, tzinfo=UTC)


def test_the_zone_of_texts_is_learned_from_a_record_with_both() -> None:
    """Servers elsewhere may have another zone."""
    server = ServerTime()
    server.learn(
        [
            {"time": "2026-02-21 20:00:01"},
            {"time": "2026-02-21 20:03:41", "calendar": 1771722220000},
        ]
    )
    assert server.offset == timedelta(hours=-5)
    assert server.instant({"time": "2026-02-21 20:01:00"}, NOW) == datetime(
        2026, 2, 22, 1, 1, tzinfo=UTC
    )


def test_a_text_that_does_not_fit_its_epoch_teaches_nothing() -> None:
    """A record whose parts are of different moments is no measure."""
    server = ServerTime()
    server.learn([{"time": "2026-02-22 12:10:00", "calendar": 1771722220000}])
    assert server.offset == timedelta(hours=8)


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"time": "2026-02-22 09:05:00"}, 5),
        ({"time": "2026-02-22 09:08:00"}, None),  # a clock that is ahead of ours
        ({OBSERVED: "2026-02-22T01:05:00+00:00"}, None),
        ({OBSERVED: "2026-02-22T01:05:00+00:00", "time": "2026-02-22 09:05:00"}, None),
        ({OBSERVED: "2026-02-22T01:06:00+00:00", RECORDED: RECENT}, 4),
        ({}, None),
    ],
)
def test_only_the_device_says_when_it_recorded(
    record: dict[str, Any], expected: int | None
) -> None:
    """What was noted when an answer came does not tell that a device is there."""
    found = ServerTime().recorded(record, NOW)
    assert found == (None if expected is None else NOW.replace(minute=expected))


def test_no_instant_is_of_the_future() -> None:
    """A little ahead is now; more is 8 hours wrong, or unknown."""
    assert at(time="2026-02-22 09:12:00") == NOW
    assert at(time="2026-02-22 17:00:00") == datetime(2026, 2, 22, 1, 0, tzinfo=UTC)
    assert at(time="2026-03-22 17:00:00") is None


def test_what_the_source_noted_counts_first() -> None:
    """Records without a time of their own carry that of their source."""
    noted = "2026-02-22T01:02:00+00:00"
    assert at(**{OBSERVED: noted, "time": "2026-02-22 08:00:00"}) == datetime(
        2026, 2, 22, 1, 2, tzinfo=UTC
    )


@pytest.mark.parametrize(
    "record", [{}, {"time": ""}, {"time": None}, {"time": 0}, {"calendar": {}}]
)
def test_a_record_without_a_time_has_none(record: dict[str, Any]) -> None:
    """Nobody knows how old it is."""
    assert at(**record) is None


def test_a_chart_tells_the_newest_slot_that_is_not_ahead() -> None:
    """Keys are of the plant's day (Q8); those of the future are filled in advance."""
    zone = ZoneInfo("Australia/Brisbane")
    found = slot_time(["11:00", "11:05", "23:55"], "2026-02-22", zone, NOW)
    assert found == datetime(2026, 2, 22, 1, 5, tzinfo=UTC)
    assert slot_time(["23:55", "odd"], "2026-02-22", zone, NOW) is None
