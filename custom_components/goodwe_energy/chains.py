"""Where the counters of a station come from, in order (reference section 9, P)."""

from collections.abc import Collection, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ._vendor.core.client.decode import mapping, text
from ._vendor.core.ha.preference import OWN, Said, Source, steady
from ._vendor.core.ha.rising import State, valid
from .hold import holding
from .readings import Alarms, DeviceEntry, Energy, Income, PlantEntry, PlantLive
from .tables import Cls

# A counter that was not said for so long, and not for so many of its turns, says
# nothing of the present.
_FRESH = timedelta(hours=1)
_TURNS = 3
# Beside where each counter comes from: who ever spoke of it
_HEARD = "heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a station at one moment.

    ``now`` is aware, in the station's zone. ``counters`` are those of the account, by
    ``<serial>/<key>``: the devices' are in it already. ``lifetime`` is of
    ``plant_totals``, in kWh, and was made at ``lifetime_at``. ``live`` is left out
    where it is not of the present. ``waiting`` are the answers that were not asked for
    yet, of ``counters``, ``today``, ``lifetime`` and ``listed``; ``away`` are the
    classes of devices that are not asked because none of them is there now. ``every``
    tells how often an answer has its turn.
    """

    now: datetime
    entry: PlantEntry
    live: PlantLive | None = None
    devices: Sequence[DeviceEntry] = ()
    today: Energy | None = None
    income: Income | None = None
    lifetime: Mapping[str, float] = field(default_factory=dict)
    lifetime_at: datetime | None = None
    alarms: Alarms | None = None
    waiting: Collection[str] = frozenset()
    away: Collection[str] = frozenset()
    every: Mapping[str, timedelta] = field(default_factory=dict)

    def fresh(self, answer: str, at: datetime) -> bool:
        """Whether what was said at a time is of the present."""
        turns = _TURNS * self.every.get(answer, timedelta())
        return self.now - at < max(_FRESH, turns)


@dataclass(frozen=True, slots=True)
class Link:
    """One source: an answer about the station, or devices of a class added up.

    A meter counts only if it is the only one that counts: two may be of the same line.
    """

    answer: str
    key: str
    cls: Cls | None = None


def _grid(way: str) -> dict[str, tuple[Link, ...]]:
    """Meters know the grid better than statistics do (section 10.11)."""
    meter = f"{way}_{{span}}"
    return {
        f"grid_{way}_today": (
            Link("counters", meter.format(span="today"), "meter"),
            Link("today", f"grid_{way}"),
        ),
        f"grid_{way}_total": (
            Link("counters", meter.format(span="total"), "meter"),
            Link("lifetime", f"grid_{way}"),
        ),
    }


def _battery(way: str) -> dict[str, tuple[Link, ...]]:
    key = f"battery_{way}"
    return {
        f"{key}_today": (
            Link("today", key),
            Link("counters", f"{key}_today", "inverter"),
            Link("counters", f"{key}_today", "battery"),
        ),
        f"{key}_total": (
            Link("counters", f"{key}_total", "inverter"),
            Link("counters", f"{key}_total", "battery"),
            Link("listed", f"{key}_total"),
        ),
    }


CHAINS: Mapping[str, tuple[Link, ...]] = {
    "solar_energy_today": (
        Link("today", "solar_energy"),
        Link("counters", "pv_energy_today", "inverter"),
    ),
    "solar_energy_total": (
        Link("counters", "pv_energy_total", "inverter"),
        Link("listed", "solar_energy_total"),
    ),
    **_grid("import"),
    **_grid("export"),
    **_battery("charge"),
    **_battery("discharge"),
    "consumption_today": (Link("today", "consumption"),),
    "consumption_total": (Link("lifetime", "consumption"),),
    "self_use_today": (Link("today", "self_use"),),
    "self_use_total": (Link("lifetime", "self_use"),),
}


def chained(
    known: Known,
    counters: Mapping[str, State],
    memory: MutableMapping[str, Any],
    shown: Mapping[str, tuple[float, date]],
) -> dict[str, float | None]:
    """Return the counters of a station; None for what nobody says.

    Args:
        known: what is known of it
        counters: what the account remembers of all counters
        memory: of where they come from, plain JSON, changed in place
        shown: what each showed last, and the day of that
    """
    found: dict[str, float | None] = {}
    for key, links in CHAINS.items():
        if known.entry.has_battery is False and key.startswith("battery_"):
            continue
        sources = {
            _name(link): _source(
                known, counters, key, link, chosen=bool(mapping(memory.get(key)))
            )
            for link in links
        }
        _prefer(memory, key, sources)
        found[key] = steady(memory, key, sources, known.now, shown.get(key))
    return found


def _name(link: Link) -> str:
    return f"{link.answer}/{link.cls or ''}"


def _prefer(
    memory: MutableMapping[str, Any], key: str, sources: Mapping[str, Source | None]
) -> None:
    """Forget where a counter came from if a better source speaks for the first time.

    It goes on from where it stood. Else what was there when everything was dark would
    be taken for ever.
    """
    heard = dict(mapping(memory.get(_HEARD)))
    before = heard.get(key)
    known = set(filter(None, map(text, before if isinstance(before, list) else ())))
    now = {
        name
        for name, source in sources.items()
        if source and any(said.fresh for said in source.values())
    }
    if now <= known:
        return
    chosen = text(mapping(memory.get(key)).get("from"))
    if chosen is not None and chosen in sources:
        better = list(sources)[: list(sources).index(chosen)]
        if any(name in now - known for name in better):
            del memory[key]
    heard[key] = sorted(known | now)
    memory[_HEARD] = heard


def _source(
    known: Known,
    counters: Mapping[str, State],
    key: str,
    link: Link,
    *,
    chosen: bool,
) -> Source | None:
    if link.answer in known.waiting:
        return None
    if link.cls is not None:
        counted = _counted(known, counters, link, of_day=key.endswith("_today"))
        if not counted and not chosen and link.cls in known.away:
            return None
        return counted
    value, at = _said(known, link)
    if value is None or at is None:
        return {}
    at = at.astimezone(known.now.tzinfo)
    if link.answer == "today" and holding(at):
        return {}
    return {OWN: Said(value, at, known.fresh(link.answer, at))}


def _said(known: Known, link: Link) -> tuple[float | None, datetime | None]:
    match link.answer:
        case "today" if known.today is not None:
            at = known.today.observed_at
            day = at.astimezone(known.now.tzinfo).date()
            return known.today.of(link.key, day), at
        case "lifetime":
            return known.lifetime.get(link.key), known.lifetime_at
        case "listed":
            return known.entry.listed.get(link.key), known.entry.listed_at
    return None, None


def _counted(
    known: Known, counters: Mapping[str, State], link: Link, *, of_day: bool
) -> Source:
    """Return what the devices of a class counted, as it was guarded."""
    found: dict[str, Said] = {}
    for device in known.devices:
        if device.cls != link.cls:
            continue
        state = valid(counters.get(f"{device.serial}/{link.key}"))
        if not state:
            continue
        at = datetime.fromisoformat(state["at"]).astimezone(known.now.tzinfo)
        if of_day and date.fromisoformat(state["day"]) != at.date():
            continue
        fresh = known.fresh(link.answer, at)
        found[device.serial] = Said(state["value"], at, fresh)
    return {} if link.cls == "meter" and len(found) > 1 else found
