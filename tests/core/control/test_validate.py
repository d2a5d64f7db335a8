"""What is refused without asking any device (control.md section 4)."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from core.control.driver import Capabilities, Range, Timing
from core.control.intent import (
    ForceCharge,
    ForceDischarge,
    Hold,
    HoldBlock,
    Intent,
    Kind,
    Row,
    SelfUse,
    SetExportLimit,
    SetLimits,
    SetMode,
    SetReserve,
    SetSchedule,
    SetValues,
)
from core.control.outcome import Refusal
from core.control.validate import can, check_duration, check_values, validate

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)
HOUR = NOW + timedelta(hours=1)
NAN, INF = float("nan"), float("inf")
TOO_LONG_FOR_A_FLOAT = 10**400

TIMING = Timing(read_back=40, reaction=360)
ALL = Capabilities(
    intents=frozenset(Kind),
    blocks=frozenset(HoldBlock),
    power=Range(low=100, high=5000),
    target_soc=Range(low=10, high=100),
    reserve=Range(low=5, high=95),
    timing=TIMING,
)
WINDOWS = Capabilities(
    intents=frozenset({Kind.FORCE_CHARGE, Kind.HOLD, Kind.SET_VALUES}),
    blocks=frozenset({HoldBlock.DISCHARGE, HoldBlock.BOTH}),
    timing=TIMING,
)
NOTHING = Capabilities(intents=frozenset(), timing=TIMING)


def refused(
    intent: Intent, capabilities: Capabilities = ALL
) -> tuple[str, Mapping[str, str]] | None:
    try:
        validate(intent, capabilities, NOW)
    except Refusal as err:
        return err.key, err.placeholders
    return None


def row(**fields: Any) -> SetSchedule:
    at = {"start": time(1), "end": time(2), "mode": "charge"}
    return SetSchedule(rows=(Row(**at, **fields),), switches={})


@pytest.mark.parametrize(
    "intent",
    [
        ForceCharge(until=HOUR),
        ForceCharge(until=HOUR, power=100, target_soc=10),
        ForceDischarge(until=HOUR, power=5000, target_soc=100),
        Hold(until=HOUR, block=HoldBlock.CHARGE),
        SelfUse(),
        SetReserve(soc=5),
        SetReserve(soc=95, until=HOUR),
        SetExportLimit(power=0),
        SetExportLimit(percent=100),
        SetExportLimit(),
        SetLimits(charge_power=0, discharge_power=3000.5),
        SetMode(mode="anything"),
        SetSchedule(switches={}),
        row(),
        row(soc=0, power=0, days=(1, 7)),
        SetValues(edits=()),
    ],
)
def test_what_the_device_can_do_passes(intent: Intent) -> None:
    assert refused(intent) is None


@pytest.mark.parametrize(
    ("intent", "capabilities", "able"),
    [
        (
            ForceDischarge(until=HOUR),
            WINDOWS,
            "force_charge, hold_both, hold_discharge, self_use",
        ),
        (
            Hold(until=HOUR, block=HoldBlock.CHARGE),
            WINDOWS,
            "force_charge, hold_both, hold_discharge, self_use",
        ),
        (ForceCharge(until=HOUR), NOTHING, "self_use"),
        (SetMode(mode="x"), NOTHING, "self_use"),
    ],
)
def test_the_answer_lists_what_the_device_can_do(
    intent: Intent, capabilities: Capabilities, able: str
) -> None:
    assert refused(intent, capabilities) == ("not_supported", {"can": able})


def test_self_use_is_always_allowed() -> None:
    assert refused(SelfUse(), NOTHING) is None


def test_only_what_can_be_asked_for_by_name_is_listed() -> None:
    assert can(ALL) == [
        "force_charge",
        "force_discharge",
        "hold_both",
        "hold_charge",
        "hold_discharge",
        "self_use",
        "set_reserve",
        "set_export_limit",
        "set_schedule",
    ]


def test_power_is_refused_where_there_is_no_setting_for_it() -> None:
    assert refused(ForceCharge(until=HOUR, power=0), WINDOWS) == (
        "no_power_setting",
        {},
    )


@pytest.mark.parametrize(
    ("intent", "key", "low", "high"),
    [
        (ForceCharge(until=HOUR, power=99), "power_range", "100", "5000"),
        (ForceCharge(until=HOUR, power=5000.1), "power_range", "100", "5000"),
        (ForceDischarge(until=HOUR, power=-1), "power_range", "100", "5000"),
        (ForceDischarge(until=HOUR, power=1e308), "power_range", "100", "5000"),
        (ForceCharge(until=HOUR, target_soc=9.9), "soc_range", "10", "100"),
        (ForceCharge(until=HOUR, target_soc=101), "soc_range", "10", "100"),
        (SetReserve(soc=4), "soc_range", "5", "95"),
        (SetReserve(soc=96), "soc_range", "5", "95"),
        (SetExportLimit(power=-1), "power_range", "0", "1000000"),
        (SetExportLimit(power=1e7), "power_range", "0", "1000000"),
        (SetExportLimit(percent=100.5), "percent_range", "0", "100"),
        (SetLimits(charge_power=-1), "power_range", "0", "1000000"),
        (SetLimits(discharge_power=2e6), "power_range", "0", "1000000"),
        (row(soc=101), "soc_range", "0", "100"),
        (row(power=-5), "power_range", "0", "1000000"),
    ],
)
def test_numbers_beyond_their_range_are_refused_with_the_range(
    intent: Intent, key: str, low: str, high: str
) -> None:
    assert refused(intent) == (key, {"low": low, "high": high})


def test_a_range_with_decimals_is_told_with_them() -> None:
    fine = Capabilities(
        intents=frozenset(Kind), power=Range(low=0.5, high=2.25), timing=TIMING
    )
    assert refused(ForceCharge(until=HOUR, power=3), fine) == (
        "power_range",
        {"low": "0.5", "high": "2.25"},
    )


def test_a_device_without_limits_of_its_own_has_those_of_percent() -> None:
    plain = Capabilities(intents=frozenset(Kind), timing=TIMING)
    assert refused(SetReserve(soc=100), plain) is None
    assert refused(SetReserve(soc=101), plain) is not None
    assert refused(ForceCharge(until=HOUR, target_soc=0), plain) is None


@pytest.mark.parametrize("number", [NAN, INF, -INF, TOO_LONG_FOR_A_FLOAT])
@pytest.mark.parametrize(
    "make",
    [
        lambda number: ForceCharge(until=HOUR, power=number),
        lambda number: ForceDischarge(until=HOUR, target_soc=number),
        lambda number: SetReserve(soc=number),
        lambda number: SetExportLimit(power=number),
        lambda number: SetExportLimit(percent=number),
        lambda number: SetLimits(charge_power=number),
        lambda number: SetLimits(discharge_power=number),
        lambda number: row(soc=number),
        lambda number: row(power=number),
    ],
)
def test_what_is_no_number_is_refused(make: Any, number: float) -> None:
    assert refused(make(number)) == ("not_a_number", {})


@pytest.mark.parametrize("number", [NAN, INF, -INF, TOO_LONG_FOR_A_FLOAT])
@pytest.mark.parametrize(
    "values",
    [
        lambda number: {"a": 1, "b": number},
        lambda number: {"a": [1, [number]]},
        lambda number: {"a": {"b": number}},
    ],
)
def test_settings_are_numbers_throughout(values: Any, number: float) -> None:
    with pytest.raises(Refusal) as caught:
        check_values(values(number))
    assert caught.value.key == "not_a_number"


def test_settings_are_not_only_numbers() -> None:
    check_values({"a": True, "b": None, "c": "x", "d": [1.5, {"e": 2}]})


@pytest.mark.parametrize("days", [(0,), (1, 8), (-1,)])
def test_weekdays_are_those_of_a_week(days: tuple[int, ...]) -> None:
    assert refused(row(days=days)) == ("weekdays_range", {})


@pytest.mark.parametrize(
    ("left", "key"),
    [
        (timedelta(0), "until_past"),
        (timedelta(days=-400), "until_past"),
        (timedelta(seconds=1), "duration_range"),
        (timedelta(seconds=54), "duration_range"),
        (timedelta(seconds=60), None),
        (timedelta(hours=24), None),
        (timedelta(hours=24, seconds=1), "duration_range"),
        (timedelta(days=365), "duration_range"),
    ],
)
@pytest.mark.parametrize(
    "make",
    [
        lambda until: ForceCharge(until=until),
        lambda until: Hold(until=until),
        lambda until: SetReserve(soc=50, until=until),
    ],
)
def test_a_lease_lasts_a_minute_to_a_day(
    make: Any, left: timedelta, key: str | None
) -> None:
    assert refused(make(NOW + left)) == ((key, {}) if key else None)


def test_a_minute_that_began_a_moment_ago_is_one() -> None:
    assert refused(Hold(until=NOW + timedelta(seconds=59.9))) is None


@pytest.mark.parametrize(
    ("duration", "good"),
    [
        (timedelta.min, False),
        (timedelta(), False),
        (timedelta(seconds=59.9), False),
        (timedelta(minutes=1), True),
        (timedelta(hours=24), True),
        (timedelta(hours=24, seconds=1), False),
        (timedelta.max, False),
    ],
)
def test_a_duration_that_was_said_is_taken_exactly(
    duration: timedelta, good: bool
) -> None:
    if good:
        check_duration(duration)
    else:
        with pytest.raises(Refusal, match="duration_range"):
            check_duration(duration)


def test_what_the_device_cannot_do_is_told_before_its_numbers() -> None:
    answer = refused(ForceDischarge(until=NOW, power=NAN), WINDOWS)
    assert answer is not None
    assert answer[0] == "not_supported"
