"""Single fields of a slot as people say them: the rest of it stays (section 6.4)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from custom_components.goodwe_energy._vendor.core.control.intent import Edit
from custom_components.goodwe_energy._vendor.core.control.outcome import Refusal
from custom_components.goodwe_energy.control.dialect import V1, V3
from custom_components.goodwe_energy.control.slot_edit import slot_edit
from custom_components.goodwe_energy.control.slots import (
    ALL_DAYS,
    ALL_MONTHS,
    EMPTY,
    Slot,
)
from custom_components.goodwe_energy.control_slots import changed

CHARGING = Slot(
    start="02:00",
    end="05:00",
    on=True,
    days=(1, 2),
    months=(1, 12),
    power=-40.0,
    soc=80,
)


def edited(slot: Slot, **parts: Any) -> Slot | None:
    """Return slot 3 after an edit."""
    change = slot_edit(3, V3, **parts)({"tou_slot_3": slot.value, "tou_mode": False})
    assert list(change) == ["tou_slot_3"]
    return Slot.of(change["tou_slot_3"])


def _slot_after(edit: Edit, slot: Slot) -> Slot:
    after = Slot.of(edit({"tou_slot_3": slot.value})["tou_slot_3"])
    assert after is not None
    return after


def parts_of(slot: Slot | None, *names: str) -> list[Any]:
    """Return some fields of a slot."""
    return [getattr(slot, name) for name in names]


@pytest.mark.parametrize(
    ("parts", "power"),
    [
        ({}, -40),
        ({"power": 30}, -30),
        ({"power": 0}, 0),
        ({"mode": "discharge"}, 40),
        ({"mode": "discharge", "power": 12.34}, 12.3),
        ({"mode": "charge"}, -40),
        ({"mode": "charge", "power": 55.5}, -55.5),
    ],
)
def test_the_mode_gives_the_power_its_sign(parts: dict[str, Any], power: float) -> None:
    """And a power without a mode never turns the battery round."""
    slot = edited(CHARGING, **parts)
    assert slot is not None
    assert slot.power == pytest.approx(power)
    assert parts_of(slot, "start", "end", "on", "days", "months") == parts_of(
        CHARGING, "start", "end", "on", "days", "months"
    )
    assert slot.soc == (10 if power > 0 else 80)


def test_a_slot_that_is_turned_round_goes_as_far_as_that_goes() -> None:
    """Unless told: a discharge that ended at 80 percent would hardly run."""
    back = replace(CHARGING, power=40.0, soc=10)
    for slot, mode, soc in ((CHARGING, "discharge", 10), (back, "charge", 100)):
        for edit in (slot_edit(3, V3, mode=mode), changed(3, V3, mode=mode)):
            assert _slot_after(edit, slot).soc == soc
        assert _slot_after(changed(3, V3, mode=mode, soc=55), slot).soc == 55
        assert _slot_after(slot_edit(3, V3, mode=mode, soc=55), slot).soc == 55
    same = _slot_after(changed(3, V3, mode="charge"), CHARGING)
    assert (same.soc, same.power) == (80, -40)


@pytest.mark.parametrize(
    ("parts", "key"),
    [
        ({"start": "06:00"}, "slot_over_midnight"),
        ({"end": "01:00"}, "slot_over_midnight"),
        ({"end": "02:00"}, "empty_window"),
    ],
)
def test_what_is_on_is_not_moved_by_hand_to_where_it_never_runs(
    parts: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refusal) as info:
        _slot_after(changed(3, V3, **parts), CHARGING)
    assert info.value.key == key
    off = _slot_after(changed(3, V3, **parts), replace(CHARGING, on=False))
    assert not off.on
    assert all(getattr(off, name) == part for name, part in parts.items())
    slot = _slot_after(changed(3, V3, end="07:00"), CHARGING)
    assert _slot_after(changed(3, V3, start="06:00"), slot).on


@pytest.mark.parametrize("edit", [slot_edit, changed])
def test_only_what_discharges_is_limited_by_what_is_fed_in(
    edit: Callable[..., Edit],
) -> None:
    with pytest.raises(Refusal) as info:
        _slot_after(edit(3, V3, limits_export=True), CHARGING)
    assert info.value.key == "needs_other"
    feeding = replace(CHARGING, power=40.0)
    assert _slot_after(edit(3, V3, limits_export=True), feeding).limits_export
    turned = slot_edit(3, V3, mode="discharge", limits_export=True)
    assert _slot_after(turned, CHARGING).limits_export


def test_what_is_said_and_nothing_else() -> None:
    slot = edited(CHARGING, end="06:30", days=(7,), soc=90)
    assert slot is not None
    assert parts_of(slot, "start", "end", "days", "soc") == ["02:00", "06:30", (7,), 90]
    assert parts_of(slot, "on", "months", "power") == [True, (1, 12), -40]


@pytest.mark.parametrize(
    ("parts", "power", "soc"),
    [
        ({}, -100, 100),
        ({"mode": "discharge"}, 100, 10),
        ({"mode": "discharge", "power": 25, "soc": 40}, 25, 40),
    ],
)
def test_a_slot_that_nobody_used(parts: dict[str, Any], power: float, soc: int) -> None:
    """It is switched on, on all days: without them it would never run."""
    slot = edited(EMPTY, start="18:00", end="21:00", **parts)
    assert slot is not None
    assert parts_of(slot, "on", "days", "months") == [True, ALL_DAYS, ALL_MONTHS]
    assert parts_of(slot, "power", "soc") == [power, soc]


def test_switching_on_fills_in_the_days() -> None:
    slot = edited(
        Slot(start="01:00", end="02:00", power=-10), on=True, soc=50, months=(6,)
    )
    assert parts_of(slot, "on", "days", "months") == [True, ALL_DAYS, (6,)]


def test_what_never_ran_may_stay_so() -> None:
    """A slot that is off may be anything, and one over midnight of the app stays."""
    night = Slot(start="22:00", end="06:00", on=True, days=(1,), months=(1,), power=-5)
    slot = edited(night, power=10)
    assert parts_of(slot, "start", "end", "power") == ["22:00", "06:00", -10]
    assert parts_of(edited(CHARGING, on=False, end="02:00"), "on") == [False]


@pytest.mark.parametrize(
    ("slot", "parts", "key"),
    [
        (CHARGING, {"end": "02:00"}, "empty_window"),
        (CHARGING, {"end": "01:00"}, "slot_over_midnight"),
        (CHARGING, {"mode": "discharge", "power": 0}, "discharge_needs_power"),
        (EMPTY, {"power": 30, "on": True}, "empty_window"),
    ],
)
def test_what_would_never_run_is_refused(
    slot: Slot, parts: dict[str, Any], key: str
) -> None:
    with pytest.raises(Refusal) as info:
        edited(slot, **parts)
    assert info.value.key == key


def test_a_slot_that_was_not_read() -> None:
    with pytest.raises(Refusal) as info:
        slot_edit(3, V1, on=True)({})
    assert info.value.key == "unknown_setting"


def test_whole_percent_where_the_device_has_no_finer() -> None:
    change = slot_edit(3, V1, power=33.9)({"tou_slot_3": CHARGING.value})
    slot = Slot.of(change["tou_slot_3"])
    assert slot is not None
    assert slot.power == -33
