"""Where in the slots a force finds its place (control.md, section 5)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from .._vendor.core.control.driver import Settings
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.outcome import Refusal
from .._vendor.core.control.schedule import Span, cut_all, first_after, format_time
from .slots import EMPTY, LATEST, Slot, slots_in

# More are not cut for a lease (control.md section 5).
MOST_TOUCHED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Slots to set for a lease: what is cut of others, and its own."""

    cuts: Mapping[str, Value]
    ours: Mapping[str, Value]


def slot_for(
    day: date, span: Span, power: float, soc: int, *, limits_export: bool = False
) -> Slot:
    """Return a slot that comes on one day only, as far as a slot can say that."""
    return Slot(
        start=format_time(span.start),
        end=format_time(span.end),
        on=True,
        days=(day.isoweekday(),),
        months=(day.month,),
        power=power,
        soc=soc,
        limits_export=limits_export,
    )


def lease(
    wanted: Sequence[Slot], values: Values, hidden: Collection[str] = ()
) -> Placed:
    """Return what to set so that the slots wanted are the only ones in their time.

    Those in the way keep what of them comes next after the lease; ``hidden`` are on
    without anybody knowing when. Raises ``Refusal``.
    """
    if hidden:
        raise Refusal("unknown_setting", setting=min(hidden))
    present = slots_in(values)
    in_the_way = {
        key: slot
        for key, slot in present.items()
        if slot.on and any(slot.meets(one) for one in wanted)
    }
    if len(in_the_way) > MOST_TOUCHED:
        raise Refusal("no_free_slot", slots=_named(in_the_way))
    cuts: dict[str, Value] = {}
    covered: list[str] = []
    for key, slot in in_the_way.items():
        left = _left_of(slot, wanted)
        if left is None:
            covered.append(key)
        else:
            cuts[key] = left.value
    unused = [key for key, slot in present.items() if not slot.used]
    off = [key for key, slot in present.items() if slot.used and not slot.on]
    free = [*covered, *unused, *off]
    if len(free) < len(wanted):
        raise Refusal("no_free_slot", slots=_named(present))
    ours = dict(zip(free, wanted, strict=False))
    cuts |= {key: EMPTY.value for key in covered if key not in ours}
    return Placed(cuts=cuts, ours={key: slot.value for key, slot in ours.items()})


def beside(set_on: Iterable[Slot], base: Settings) -> frozenset[str]:
    """Return the leased slots, if one of them forces in the time of a slot set on.

    Both would be on at once. What is left of a slot that a lease has cut forces nothing.
    """
    leased = slots_in(base.leased)
    before = slots_in(base.values)
    forcing = [
        slot
        for key, slot in leased.items()
        if slot.on
        and replace(before.get(key, EMPTY), start=slot.start, end=slot.end) != slot
    ]
    meet = any(one.meets(other) for one in set_on if one.on for other in forcing)
    return frozenset(leased) if meet else frozenset()


def _left_of(slot: Slot, wanted: Sequence[Slot]) -> Slot | None:
    """Return what is left of a slot beside others; None if that is nothing."""
    holes = [hole for one in wanted if slot.meets(one) for hole in one.spans]
    left = [part for part in cut_all(slot.spans, holes) if part.start < LATEST]
    if not left:
        return None
    kept = first_after(left, holes[-1].end)[0]
    return replace(
        slot,
        start=format_time(kept.start),
        end=format_time(min(kept.end, LATEST)),
    )


def _named(slots: Mapping[str, Slot]) -> str:
    return ", ".join(
        f"{key.removeprefix('tou_slot_')} ({slot.start}-{slot.end})"
        for key, slot in slots.items()
    )
