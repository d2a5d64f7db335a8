"""Time-of-use slots, whole (reference section 6.4).

A slot is set in one piece. Where it is a value of settings it is an object with the
fields of ``Slot``; unused ones are all alike, whatever else the device says of them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from .._vendor.core.client.decode import integer, mapping, number
from .._vendor.core.control.intent import Edit, Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import (
    DAY,
    Span,
    format_time,
    parse_time,
    wrap,
)
from .catalogue import SLOTS, slot_key
from .dialect import Dialect

ENABLED, DISABLED = 249, 6
_UNUSED = frozenset({0, 85})
# In the months of a slot that discharges: its power limits what is fed in.
_MONTH_FLAG = 12
# 24:00 cannot be said.
LATEST = DAY - 1
ALL_DAYS, ALL_MONTHS = tuple(range(1, 8)), tuple(range(1, 13))
CHARGE, DISCHARGE = "charge", "discharge"
# How far a discharge goes that was not told: below, devices protect the battery
FLOOR = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A window: ``power`` in percent of the rated power, above 0 it discharges.

    ``days`` 1-7 from Monday, ``months`` 1-12; ``soc`` is the percent at which it ends,
    ``limits_export`` says that the power is that of what is fed in.
    """

    start: str = "00:00"
    end: str = "00:00"
    on: bool = False
    days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    power: float = 0.0
    soc: int = 100
    limits_export: bool = False

    @classmethod
    def of(cls, value: Value) -> Self | None:
        """Return what a value of settings stands for; None if that is no slot."""
        data = mapping(value)
        try:
            parse_time(data["start"])
            parse_time(data["end"])
            return cls(
                start=data["start"],
                end=data["end"],
                on=bool(data["on"]),
                days=tuple(data["days"]),
                months=tuple(data["months"]),
                power=float(data["power"]),
                soc=int(data["soc"]),
                limits_export=bool(data["limits_export"]),
            )
        except KeyError, TypeError, ValueError:
            return None

    @property
    def value(self) -> dict[str, Any]:
        """It as a value of settings."""
        return {
            name: list(part) if isinstance(part, tuple) else part
            for name, part in asdict(self).items()
        }

    @property
    def mode(self) -> str:
        """What the battery does in it."""
        return DISCHARGE if self.power > 0 else CHARGE

    @property
    def spans(self) -> list[Span]:
        """The parts of a day that it covers; two if it goes over midnight."""
        return wrap(parse_time(self.start), parse_time(self.end))

    @property
    def used(self) -> bool:
        """Whether somebody has set it for a time."""
        return bool(self.spans)

    def meets(self, other: Self) -> bool:
        """Return whether both want the same minute of a day."""
        return (
            not set(self.days).isdisjoint(other.days)
            and not set(self.months).isdisjoint(other.months)
            and any(one.overlaps(two) for one in self.spans for two in other.spans)
        )

    def complete(self) -> Self:
        """Return it so that it runs: without days or months it never would."""
        if not self.on:
            return self
        return replace(
            self, days=self.days or ALL_DAYS, months=self.months or ALL_MONTHS
        )


EMPTY = Slot()


def slots_in(values: Values) -> dict[str, Slot]:
    """Return the slots that are known, by key, in their order."""
    found = ((key, Slot.of(values.get(key))) for key in SLOTS)
    return {key: slot for key, slot in found if slot is not None}


def decode(raw: object, n: int, dialect: Dialect) -> Slot | None:
    """Return slot ``n`` as it was read; None if it cannot be understood."""
    data = mapping(raw)
    enable = integer(data.get(f"TOUWeekEnable{n}"))
    if enable in _UNUSED:
        return EMPTY
    start, end = (_time(data.get(f"TOU{name}{n}")) for name in ("Start", "End"))
    power = number(data.get(f"ChargeDischargePW{n}"))
    soc = integer(data.get(f"ChargeCutOffSet{n}"), low=0, high=100)
    days = _numbers(data.get(f"TOUWeek{n}"), 6)
    months = _numbers(data.get(f"TOUMonth{n}"), _MONTH_FLAG)
    if enable not in (ENABLED, DISABLED) or start is None or end is None:
        return None
    if power is None or soc is None or days is None or months is None:
        return None
    return Slot(
        start=start,
        end=end,
        on=enable == ENABLED,
        days=tuple(sorted(day or 7 for day in days)),
        months=tuple(month + 1 for month in months if month < _MONTH_FLAG),
        power=round(power * 100 / dialect.full, 1),
        soc=soc,
        limits_export=power > 0 and _MONTH_FLAG in months,
    )


def hidden(named: Mapping[str, Any], dialect: Dialect) -> list[str]:
    """Return the slots that are on, but not to be understood."""
    raw = {n: mapping(named.get(f"TOU{n}")) for n in range(1, dialect.slots + 1)}
    return [
        slot_key(n)
        for n, data in raw.items()
        if integer(data.get(f"TOUWeekEnable{n}")) == ENABLED
        and decode(data, n, dialect) is None
    ]


def encode(slot: Slot, n: int, dialect: Dialect) -> dict[str, Any]:
    """Return all seven fields of slot ``n``: less is not taken (6.4)."""
    months = [month - 1 for month in slot.months]
    if slot.limits_export and slot.power > 0:
        months.append(_MONTH_FLAG)
    return {
        f"TOUStart{n}": slot.start,
        f"TOUEnd{n}": slot.end,
        f"TOUWeekEnable{n}": ENABLED if slot.on else DISABLED,
        f"TOUWeek{n}": sorted(day % 7 for day in slot.days),
        f"ChargeDischargePW{n}": round(slot.power * dialect.full / 100),
        f"ChargeCutOffSet{n}": slot.soc,
        f"TOUMonth{n}": months,
    }


def edit(n: int, dialect: Dialect, **parts: Any) -> Edit:
    """Return what changes some fields of a slot and leaves the rest.

    ``power`` has its sign; ``mode`` turns the direction of what is set else, which
    then goes as far as that direction goes. What is switched on runs at all.
    """
    key = slot_key(n)

    def edited(values: Values) -> Values:
        slot = Slot.of(values.get(key))
        if slot is None:
            raise Refusal("unknown_setting", setting=key)
        changes = dict(parts)
        mode = changes.pop("mode", None)
        new = replace(slot, **changes)
        if mode is not None and mode != new.mode:
            # Without any power the device would take a discharge for a charge (6.4).
            new = replace(new, power=-new.power or 100.0)
        if mode is not None and mode != slot.mode and "soc" not in changes:
            new = replace(new, soc=usual_soc(mode))
        return {key: checked(new, dialect).value}

    return edited


def usual_soc(mode: str) -> int:
    """Return the percent at which a slot ends that was not told any."""
    return 100 if mode == CHARGE else FLOOR


def checked(slot: Slot, dialect: Dialect) -> Slot:
    """Return a slot as the device can hold it. Raises ``Refusal``."""
    for at in (slot.start, slot.end):
        try:
            minute = parse_time(at)
        except ValueError:
            raise Refusal("unknown_setting", setting=at[:8]) from None
        if minute > LATEST:
            raise Refusal("setting_range", low="00:00", high=format_time(LATEST))
    if not -100 <= slot.power <= 100:
        raise Refusal("setting_range", low=-100, high=100)
    if not 0 <= slot.soc <= 100:
        raise Refusal("setting_range", low=0, high=100)
    step = 100 / dialect.full
    power = round(
        int(slot.power / step + (1e-9 if slot.power > 0 else -1e-9)) * step, 1
    )
    return replace(
        slot,
        power=power,
        soc=int(slot.soc),
        limits_export=slot.limits_export and power > 0,
    ).complete()


def logs(slot: Slot, *, per_mille: bool) -> dict[str, Any]:
    """Return what the portal shows of a change: its own words (6.4)."""
    percent = abs(slot.power)
    power = int(percent) if percent.is_integer() or not per_mille else percent
    shown: dict[str, Any] = {
        "start_t": slot.start,
        "end_t": slot.end,
        "switch": "on" if slot.on else "off",
        "monthly_repetition": _SEPARATOR.join(_MONTHS[m - 1] for m in slot.months),
        "wkly_rep": _SEPARATOR.join(
            _DAYS[day] for day in sorted(day % 7 for day in slot.days)
        ),
        "cd_mod": slot.mode,
        "import_power_soc": slot.soc,
    }
    name = "discharge_limit_pw" if slot.mode == DISCHARGE else "rated_power"
    return {**shown, name: power}


_SEPARATOR = "\N{IDEOGRAPHIC COMMA}"
_MONTHS = tuple(
    f"{name}_1"
    for name in (
        *("jan", "feb", "march", "apr", "may", "june"),
        *("july", "aug", "sept", "oct", "nov", "dec"),
    )
)
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def _time(raw: object) -> str | None:
    if not isinstance(raw, str):
        return None
    hours, colon, minutes = raw.strip().partition(":")
    try:
        return (
            format_time(parse_time(f"{hours}:{minutes[:2].zfill(2)}"))
            if colon
            else None
        )
    except ValueError:
        return None


def _numbers(raw: object, most: int) -> list[int] | None:
    """Return the whole numbers of a list, each once, in order; None if it is none."""
    if isinstance(raw, Mapping | str) or not isinstance(raw, Iterable):
        return [] if raw is None else None
    found = [integer(one, low=0, high=most) for one in raw]
    numbers = {one for one in found if one is not None}
    return sorted(numbers) if None not in found else None
