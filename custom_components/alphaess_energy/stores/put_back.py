"""What of a lease's periods goes back, given what others have set meanwhile.

The vendor refuses charge and discharge periods that overlap (reference 3.9), for as
long as they do; and of two of one side nobody could tell which one counts.
"""

from collections.abc import Sequence

from .._vendor.core.control.driver import Settings
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.schedule import Span, cut_all
from .common import LATEST
from .draft import Draft
from .periodic import is_weekly
from .periods import Period, is_live, period_of, periods_in


def restorable(changes: Values, settings: Settings) -> dict[str, Value]:
    """Return a put-back in which periods come back only where nothing else is.

    One for which there is not all of its time comes back as what is left of it; where
    that is what stays of it now, there is nothing to do. Raises ``BadDataError``.
    """
    values = settings.values
    draft = Draft(values, weekly=is_weekly(settings.raw))
    others = [
        period for key, period in periods_in(values).items() if key not in changes
    ]
    for key in periods_in(values):
        if key in changes and changes[key] is None:
            del draft.values[key]
    for key, period in periods_in(changes).items():
        if key in values:
            draft.values[key] = changes[key]
            continue
        in_its_way = [
            other
            for other in others
            if other.side != period.side or is_live(other, values[other.key])
        ]
        for part in _free(period, in_its_way):
            draft.values.setdefault(part.key, changes[key])
    settled = {key: value for key, value in changes.items() if period_of(key) is None}
    return settled | draft.changes()


def _free(period: Period, others: Sequence[Period]) -> list[Period]:
    """Return what of a period does not meet others."""
    if period.end < period.start:
        # Nobody knows what the device does with it: it is not cut.
        met = any(other.side != period.side and other.meets(period) for other in others)
        return [] if met else [period]
    days: dict[tuple[Span, ...], list[int]] = {}
    for day in period.days:
        holes = [part for other in others if day in other.days for part in other.parts]
        parts = period.parts
        if any(part.overlaps(hole) for part in parts for hole in holes):
            left = cut_all(parts, holes)
            parts = [part.within(0, LATEST).on_grid() for part in left]
        days.setdefault(tuple(parts), []).append(day)
    if list(days) == [tuple(period.parts)]:
        return [period]
    return [
        Period(side=period.side, start=part.start, end=part.end, days=tuple(on))
        for parts, on in days.items()
        for part in parts
        if len(part)
    ]
