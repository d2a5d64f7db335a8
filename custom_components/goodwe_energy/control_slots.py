"""The parts of time-of-use slots, which are one setting each (reference section 6.4)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import time
from typing import Any, TypedDict

from homeassistant.const import EntityCategory

from ._vendor.core.client.decode import mapping
from ._vendor.core.control.driver import Settings
from ._vendor.core.control.intent import Edit, Values
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.control.schedule import format_time, minute_of
from ._vendor.core.control.validate import whole_minute
from ._vendor.core.ha.control_settings import SettingDescription, SettingSource
from .control import slots
from .control.catalogue import slot_key
from .control.dialect import V1, V2, V3, Dialect
from .control.inverter_driver import InverterDriver
from .control.named import can_limit_export
from .control.settings_reader import NAMED
from .control.slot_edit import check, slot_edit
from .control.slots import CHARGE, DISCHARGE, EMPTY, LATEST, Slot
from .control_entities import settable
from .runtime import GoodWeRuntime

# Which generation of devices, and which of its slots
type Place = tuple[int, int]
MODES: Sequence[str] = (CHARGE, DISCHARGE)
BATTERY, EXPORT = "battery", "export"
LIMITS: Sequence[str] = (BATTERY, EXPORT)
# What a slot begins as that nobody has used: all that there is, until it is full
_FRESH = Slot(power=-100.0)


class DescribedPart(TypedDict):
    """What the descriptions of all parts of slots have in common."""

    key: str
    translation_key: str
    translation_placeholders: dict[str, str]
    entity_category: EntityCategory
    entity_registry_enabled_default: bool
    exists_fn: Callable[[Settings], bool]


def described_part(n: int, part: str = "") -> DescribedPart:
    """Return what a part's description has in common with the others."""
    end = f"_{part}" if part else ""
    return DescribedPart(
        key=f"{slot_key(n)}{end}",
        translation_key=f"tou_slot_n{end}",
        translation_placeholders={"number": str(n)},
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        exists_fn=lambda settings: slot_of(settings, n) is not None,
    )


def slot_of(settings: Settings, n: int) -> Slot | None:
    """Return a slot as it was read; None if it was not."""
    return Slot.of(settings.values.get(slot_key(n)))


def changed(n: int, dialect: Dialect, **parts: Any) -> Edit:
    """Return what changes some parts of a slot and leaves the rest.

    A hand moves one after the other, so only what is switched on is looked at as a
    whole. ``power`` has no sign: the mode says in which direction. The edit raises
    ``Refusal``.
    """
    key = slot_key(n)

    def edited(values: Values) -> Values:
        slot = Slot.of(values.get(key))
        if slot is None:
            raise Refusal("unknown_setting", setting=key)
        if slot == EMPTY:
            slot = _FRESH
        known = {**values, key: slot.value}
        if parts.get("on"):
            return slot_edit(n, dialect, **parts)(known)
        wanted = dict(parts)
        if "power" in wanted:
            wanted["power"] = _signed(slot, wanted["power"])
        if wanted.get("limits_export") and slot.mode != DISCHARGE:
            # Only what discharges can be fed in
            raise Refusal("needs_other", setting=key, other=DISCHARGE)
        changes = slots.edit(n, dialect, **wanted)(known)
        check(Slot.of(changes[key]) or slot, parts)
        return changes

    return edited


def _signed(slot: Slot, power: float) -> float:
    if slot.mode == CHARGE:
        return -power
    if not power:
        raise Refusal("discharge_needs_power")
    return power


def told(moment: time, *, end: bool) -> str:
    """Return a time as a slot has it; midnight is the last minute that can end one."""
    minute = minute_of(whole_minute(moment))
    return format_time(LATEST if end and not minute else minute)


def limits_export(settings: Settings) -> bool:
    """Return whether a slot's power can be that of what is fed in."""
    return can_limit_export(mapping(mapping(settings.raw).get(NAMED)))


def of_slots[T](describe: Callable[[int, Dialect], T]) -> Mapping[Place, T]:
    """Return the descriptions of a part of all slots that there are."""
    return {
        (dialect.version, n): describe(n, dialect)
        for dialect in (V1, V2, V3)
        for n in range(1, dialect.slots + 1)
    }


def slot_maker[T: SettingDescription, E](
    kind: Callable[[SettingSource, T], E], source: SettingSource, item: T, used: bool
) -> Callable[[], E]:
    """Return what makes an entity of a slot, which is in use if the slot is.

    Its description is made only then: slots are looked at after each poll.
    """
    return lambda: kind(source, replace(item, entity_registry_enabled_default=used))


def shown_slots(
    runtime: GoodWeRuntime,
) -> Iterator[tuple[SettingSource, Settings, Place, bool]]:
    """Yield each slot of each inverter that has slots, and whether it is used."""
    for led, source in settable(runtime):
        driver, settings = led.driver, source.settings()
        if not isinstance(driver, InverterDriver) or settings is None:
            continue
        dialect = driver.discovery.found.dialect
        if dialect is None or not driver.has_slots:
            continue
        for n in range(1, dialect.slots + 1):
            if (slot := slot_of(settings, n)) is not None:
                yield source, settings, (dialect.version, n), slot.used
