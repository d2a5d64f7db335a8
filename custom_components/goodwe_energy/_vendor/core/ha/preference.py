"""Which of several sources gives a value.

A power may come from another source at each poll. A counter may not: two of the same
thing never stand alike, and each change would be a leap of energy that nobody used. So
it is what its parts said last, and an offset makes it go on where it stood when a part
comes or starts anew, or when another source is taken.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from ..client.decode import mapping, moment, number, text

# Who says what is of the plant's own; the others are devices, by what they are known by
OWN = ""
# A source that said nothing for so long, while others did, is gone.
_GONE_AFTER = timedelta(days=2)
# Nobody looked for longer than this: that was no silence.
_NOT_LOOKED = timedelta(hours=3)
_DIGITS = 6
_YEARS = range(2000, 9999)


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said of a counter, in kWh, and when, aware in the plant's zone.

    What is not ``fresh`` still stands: a device that sleeps counts nothing.
    """

    value: float
    at: datetime
    fresh: bool = True


type Source = Mapping[str, Said]
"""The parts that a counter is the sum of, by who says them."""


def first(values: Iterable[float | None]) -> float | None:
    """Return the first value that is known."""
    return next((value for value in values if value is not None), None)


def steady(
    memory: MutableMapping[str, Any],
    key: str,
    sources: Mapping[str, Source | None],
    now: datetime,
    shown: tuple[float, date] | None = None,
) -> float | None:
    """Return a counter that goes on where it stood, in kWh; None if nobody knows it.

    Args:
        memory: plain JSON values, changed in place
        key: the counter's; one of the day ends with ``_today``
        sources: in order of preference; None for one that was not asked yet
        now: aware, in the plant's zone
        shown: what people saw last and the day of that, None before

    The first source that has a value is chosen, and stays so until it was silent for
    two days of polls that others answered. Meanwhile the best of these stands in: what
    it gained since the counter was said is added, so nothing is lost and nothing steps.
    Whoever speaks again goes on by itself. A part that is gone for good keeps its last
    value. One that falls was guarded, so it began anew; only the plant's own point is
    not yet, and its falls are left to the guard.
    """
    stored = mapping(memory.get(key))
    of_day = key.endswith("_today")
    chosen = _Followed.load(stored, sources, now)
    silent = _silence(stored, sources, chosen.name if chosen else None, now)
    if chosen is None:
        if (name := _choice(sources, speaking=False)) is None:
            return None
        chosen, silent = _Followed(name, dict(sources[name] or {})), None
        chosen.join(shown, of_day=of_day)
    else:
        chosen.follow(sources, now, of_day=of_day)
        day = _newest(chosen.parts).date()
        shown = shown or (chosen.value(of_day=of_day), day)
    instead = _Followed.load(mapping(stored.get("instead")), sources, now)
    if silent is None:
        instead = _beside(chosen.name, sources) or instead
    else:
        if instead is not None:
            if "silent" not in stored:
                instead.join(shown, of_day=of_day)
            instead.follow(sources, now, of_day=of_day)
        if instead is None or not _speaks(sources[instead.name]):
            if (other := _beside(chosen.name, sources)) is not None:
                instead = other
                instead.join(shown, of_day=of_day)
        if instead is not None and _ended(silent):
            chosen, instead, silent = instead, None, None
    memory[key] = chosen.document()
    if instead is not None:
        memory[key]["instead"] = instead.document()
    if silent is None:
        return chosen.value(of_day=of_day)
    memory[key]["silent"] = [at.isoformat() for at in silent]
    return (instead or chosen).value(of_day=of_day)


@dataclass(slots=True)
class _Followed:
    """A source that a counter is taken from, and the offset to what is shown of it."""

    name: str
    parts: dict[str, Said]
    offset: float = 0.0

    @classmethod
    def load(
        cls,
        stored: Mapping[str, Any],
        sources: Mapping[str, Source | None],
        now: datetime,
    ) -> _Followed | None:
        name, parts = text(stored.get("from")), _parts(stored, now.tzinfo)
        if name is None or name not in sources or not parts:
            return None
        return cls(name, parts, number(stored.get("offset")) or 0.0)

    def join(self, shown: tuple[float, date] | None, *, of_day: bool) -> None:
        """Go on where the counter stands, as of when the parts were said."""
        day, self.offset = _newest(self.parts), 0.0
        if shown is not None and (not of_day or shown[1] == day.date()):
            self.offset = shown[0] - _total(self.parts, day if of_day else None)

    def follow(
        self, sources: Mapping[str, Source | None], now: datetime, *, of_day: bool
    ) -> None:
        """Take over what the parts say now."""
        source = sources[self.name] or {}
        self.offset = _follow(self.parts, source, self.offset, now, of_day=of_day)

    def value(self, *, of_day: bool) -> float:
        day = _newest(self.parts) if of_day else None
        return round(_total(self.parts, day) + self.offset, _DIGITS)

    def document(self) -> dict[str, Any]:
        return {
            "from": self.name,
            "parts": {
                who: [said.value, said.at.isoformat()]
                for who, said in self.parts.items()
            },
            "offset": round(self.offset, _DIGITS),
        }


def said_at(
    memory: Mapping[str, Any], key: str, zone: tzinfo | None
) -> datetime | None:
    """Return when the newest part of a counter was said; None if none ever was."""
    stored = mapping(memory.get(key))
    parts = _parts(stored, zone)
    if "silent" in stored:
        parts = _parts(mapping(stored.get("instead")), zone) or parts
    return _newest(parts) if parts else None


def _choice(sources: Mapping[str, Source | None], *, speaking: bool) -> str | None:
    """Return the best source, unless a better one may still answer.

    Only one that says something of the present, where that is asked for.
    """
    for name, source in sources.items():
        if source is None:
            return None
        if source and (not speaking or _speaks(source)):
            return name
    return None


def _beside(name: str, sources: Mapping[str, Source | None]) -> _Followed | None:
    """Return the best of the other sources that say something of the present."""
    others = {one: source for one, source in sources.items() if one != name}
    if (other := _choice(others, speaking=True)) is None:
        return None
    return _Followed(other, dict(others[other] or {}))


def _speaks(source: Source | None) -> bool:
    return source is not None and any(said.fresh for said in source.values())


def _follow(
    parts: dict[str, Said],
    source: Source,
    offset: float,
    now: datetime,
    *,
    of_day: bool,
) -> float:
    """Take over what the parts say now; return the offset that makes no step of it."""
    newest = max(said.at for said in (*parts.values(), *source.values()))
    if of_day and _newest(parts).date() < newest.date():
        offset = 0.0
    for who, said in source.items():
        before = parts.get(who)
        if before is not None and said.at < before.at <= now:
            continue
        parts[who] = said
        if before is None:
            if not of_day or said.at.date() == newest.date():
                offset -= said.value
        elif who != OWN and not of_day and said.value < before.value:
            offset += before.value - said.value
    return offset


def _total(parts: Source, day: datetime | None) -> float:
    """Add the parts up; those of a day before ``day``'s count nothing."""
    return sum(
        said.value
        for said in parts.values()
        if day is None or said.at.date() == day.date()
    )


def _newest(parts: Source) -> datetime:
    return max(said.at for said in parts.values())


def _silence(
    stored: Mapping[str, Any],
    sources: Mapping[str, Source | None],
    name: str | None,
    now: datetime,
) -> tuple[datetime, datetime] | None:
    """Return since when a source is silent, and the last time somebody looked."""
    told = {one for one, source in sources.items() if _speaks(source)}
    if name in told:
        return None
    silent = stored.get("silent")
    times = [moment(at) for at in silent] if isinstance(silent, list) else []
    since, last = times if len(times) == 2 else (None, None)
    known = (since, last) if since is not None and last is not None else None
    if not told:
        return known
    if known is None or not timedelta() <= now - known[1] <= _NOT_LOOKED:
        return now, now
    return known[0], now


def _ended(silent: tuple[datetime, datetime] | None) -> bool:
    return silent is not None and silent[1] - silent[0] >= _GONE_AFTER


def _parts(stored: Mapping[str, Any], zone: tzinfo | None) -> dict[str, Said]:
    found: dict[str, Said] = {}
    for who, part in mapping(stored.get("parts")).items():
        if not isinstance(part, list) or len(part) != 2:
            continue
        value, at = number(part[0], low=0.0), moment(part[1])
        if value is not None and at is not None and at.year in _YEARS:
            found[who] = Said(value, at.astimezone(zone), fresh=False)
    return found
