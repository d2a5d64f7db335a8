"""Whole slots on the wire (reference section 6.4)."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.goodwe_energy._vendor.core.control.outcome import Refusal
from custom_components.goodwe_energy.control import slots
from custom_components.goodwe_energy.control.dialect import V1, V2, V3, Dialect
from custom_components.goodwe_energy.control.slots import EMPTY, Slot

# The reference's own example
WIRE: dict[str, Any] = {
    "TOUStart2": "18:00",
    "TOUEnd2": "21:00",
    "TOUWeekEnable2": 249,
    "TOUWeek2": [0, 1, 2, 3, 4, 5, 6],
    "ChargeDischargePW2": 400,
    "ChargeCutOffSet2": 25,
    "TOUMonth2": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
}
EVENING = Slot(
    start="18:00",
    end="21:00",
    on=True,
    days=(1, 2, 3, 4, 5, 6, 7),
    months=tuple(range(1, 13)),
    power=40.0,
    soc=25,
)


def test_the_example_of_the_reference_is_read_and_written() -> None:
    assert slots.decode(WIRE, 2, V3) == EVENING
    assert slots.encode(EVENING, 2, V3) == WIRE


def test_power_is_per_mille_and_in_the_first_dialect_percent() -> None:
    assert slots.encode(EVENING, 2, V1)["ChargeDischargePW2"] == 40
    found = slots.decode(WIRE | {"ChargeDischargePW2": "-55"}, 2, V1)
    assert found is not None
    assert (found.power, found.mode) == (-55.0, "charge")


@pytest.mark.parametrize("enable", [0, 85, "85"])
def test_unused_slots_are_all_alike(enable: object) -> None:
    wire = WIRE | {"TOUWeekEnable2": enable, "TOUStart2": "255:255"}
    assert slots.decode(wire, 2, V3) == EMPTY


def test_an_unused_slot_is_put_back_as_one_that_is_off() -> None:
    wire = slots.encode(EMPTY, 2, V3)
    assert wire["TOUWeekEnable2"] == 6
    assert slots.decode(wire, 2, V3) == EMPTY


@pytest.mark.parametrize(
    "odd",
    [
        {},
        None,
        "--",
        WIRE | {"TOUWeekEnable2": 7},
        WIRE | {"TOUStart2": "25:00"},
        WIRE | {"ChargeDischargePW2": "--"},
        WIRE | {"ChargeCutOffSet2": 101},
        WIRE | {"TOUWeek2": [7]},
        WIRE | {"TOUMonth2": "all"},
    ],
)
def test_what_cannot_be_understood_is_unknown(odd: object) -> None:
    assert slots.decode(odd, 2, V3) is None


def test_sunday_is_the_last_day_and_the_first_on_the_wire() -> None:
    slot = slots.decode(WIRE | {"TOUWeek2": [0, 6]}, 2, V3)
    assert slot is not None
    assert slot.days == (6, 7)
    assert slots.encode(slot, 2, V3)["TOUWeek2"] == [0, 6]


def test_the_flag_of_months_is_of_a_discharge_only() -> None:
    flagged = WIRE | {"TOUMonth2": [0, 12]}
    found = slots.decode(flagged, 2, V3)
    assert found is not None
    assert (found.months, found.limits_export) == ((1,), True)
    assert slots.encode(found, 2, V3)["TOUMonth2"] == [0, 12]
    charge = slots.decode(flagged | {"ChargeDischargePW2": -400}, 2, V3)
    assert charge is not None
    assert not charge.limits_export
    assert slots.encode(charge, 2, V3)["TOUMonth2"] == [0]


def test_what_is_switched_on_without_days_or_months_gets_all_of_them() -> None:
    key = "tou_slot_1"
    values = {key: Slot(start="01:00", end="02:00", power=-10).value}
    after = Slot.of(slots.edit(1, V3, on=True)(values)[key])
    assert after is not None
    assert (len(after.days), len(after.months)) == (7, 12)
    off = Slot.of(slots.edit(1, V3, soc=30)(values)[key])
    assert off is not None
    assert (off.days, off.months, off.soc) == ((), (), 30)


@pytest.mark.parametrize(
    ("parts", "power"),
    [
        ({"power": 30}, 30.0),
        ({"power": -30, "mode": "discharge"}, 30.0),
        ({"mode": "discharge"}, 50.0),
        ({"power": 0, "mode": "discharge"}, 100.0),
        ({"power": 0}, 0.0),
        ({"power": -12.34}, -12.3),
    ],
)
def test_a_mode_turns_the_power_and_a_discharge_is_never_nothing(
    parts: dict[str, Any], power: float
) -> None:
    values = {"tou_slot_1": Slot(start="01:00", end="02:00", power=-50).value}
    after = Slot.of(slots.edit(1, V3, **parts)(values)["tou_slot_1"])
    assert after is not None
    assert after.power == power


@pytest.mark.parametrize(
    "parts", [{"end": "24:00"}, {"start": "soon"}, {"power": 101}, {"soc": 101}]
)
def test_what_a_slot_cannot_hold_is_refused(parts: dict[str, Any]) -> None:
    with pytest.raises(Refusal):
        slots.edit(1, V3, **parts)({"tou_slot_1": EVENING.value})


def test_the_log_has_the_words_of_the_portal() -> None:
    weekdays = Slot(
        start="18:00",
        end="21:00",
        on=True,
        days=(1, 2, 7),
        months=(1, 3),
        power=40.0,
        soc=25,
    )
    assert slots.logs(weekdays, per_mille=True) == {
        "start_t": "18:00",
        "end_t": "21:00",
        "switch": "on",
        "monthly_repetition": "jan_1\u3001march_1",
        "wkly_rep": "sun\u3001mon\u3001tue",
        "cd_mod": "discharge",
        "import_power_soc": 25,
        "discharge_limit_pw": 40,
    }
    assert slots.logs(Slot(power=-40.5), per_mille=True)["rated_power"] == 40.5


_TIMES = st.integers(0, 1439).map(lambda m: f"{m // 60:02}:{m % 60:02}")


@given(
    slot=st.builds(
        Slot,
        start=_TIMES,
        end=_TIMES,
        on=st.booleans(),
        days=st.sets(st.integers(1, 7)).map(lambda days: tuple(sorted(days))),
        months=st.sets(st.integers(1, 12)).map(lambda months: tuple(sorted(months))),
        power=st.integers(-100, 100).map(float),
        soc=st.integers(0, 100),
        limits_export=st.booleans(),
    ),
    dialect=st.sampled_from((V1, V2, V3)),
)
def test_what_is_written_is_what_is_read(slot: Slot, dialect: Dialect) -> None:
    held = slots.checked(slot, dialect)
    assert slots.decode(slots.encode(held, 3, dialect), 3, dialect) == held
    assert Slot.of(held.value) == held
