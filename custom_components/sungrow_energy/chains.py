"""Which points and devices the counters of a plant are made of (section 9.1)."""

from collections.abc import Collection, Mapping, MutableMapping, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ._vendor.core.ha.preference import OWN, Said, Source, steady
from .points import PLANT_TYPE
from .readings import DeviceLive, PlantLive

INVERTER, METER, HYBRID, BATTERY, MICRO = 1, 7, 14, 43, 55
# Devices whose samples become values of their plant
CONTRIBUTORS = frozenset({INVERTER, METER, HYBRID, BATTERY, MICRO})


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a counter of the plant is found if its own point is null, in order.

    ``own`` are other points of the plant; ``devices`` a key and the types whose
    devices are added up. A meter counts only if it is the only one.
    """

    own: tuple[str, ...] = ()
    devices: tuple[tuple[str, tuple[int, ...]], ...] = ()


def _of_hybrids(key: str) -> tuple[str, tuple[int, ...]]:
    return key, (HYBRID,)


_MAKERS = (HYBRID, INVERTER, MICRO)
COUNTERS: Mapping[str, Chain] = {
    "pv_energy_today": Chain(
        ("pv_energy_ems_today", "inverter_yield_today"),
        (("pv_energy_today", _MAKERS),),
    ),
    "pv_energy_total": Chain(
        ("pv_energy_ems_total", "inverter_yield_total"),
        (("pv_energy_total", _MAKERS),),
    ),
    **{
        f"grid_{way}_{span}": Chain(
            devices=(
                _of_hybrids(f"grid_{way}_{span}"),
                (f"{direction}_energy_{span}", (METER,)),
            )
        )
        for way, direction in (("import", "forward"), ("export", "reverse"))
        for span in ("today", "total")
    },
    **{
        f"{key}_{span}": Chain(devices=(_of_hybrids(f"{key}_{span}"),))
        for key in ("load_energy", "self_consumed")
        for span in ("today", "total")
    },
    **{
        f"battery_{way}_today": Chain(
            (f"storage_{way}_today",), (_of_hybrids(f"battery_{way}_today"),)
        )
        for way in ("charge", "discharge")
    },
    **{
        f"battery_{way}_total": Chain(
            (f"storage_{way}_total",),
            (
                _of_hybrids(f"battery_{way}_total"),
                (f"{way}_total", (BATTERY,)),
            ),
        )
        for way in ("charge", "discharge")
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a plant at one moment.

    ``plant`` are its own points, ``devices`` its devices' newest samples; those in
    ``asleep``, and the plant's unless ``plant_fresh``, are not of the present.
    ``waiting`` are the types that were not asked for samples yet, ``PLANT_TYPE`` for
    the plant itself. ``shown`` is what each counter showed last, and the day of that.
    ``now`` is aware, in the plant's zone.
    """

    now: datetime
    plant: PlantLive | None = None
    plant_fresh: bool = True
    devices: Collection[DeviceLive] = ()
    asleep: Collection[DeviceLive] = ()
    waiting: AbstractSet[int] = frozenset()
    shown: Mapping[str, tuple[float, date]] = field(default_factory=dict)


def chained(known: Known, memory: MutableMapping[str, Any]) -> dict[str, float | None]:
    """Return the counters of a plant; None for what nobody says.

    ``memory`` is of where they come from, plain JSON, changed in place.
    """
    samples = [
        *((sample, True) for sample in known.devices),
        *((sample, False) for sample in known.asleep),
    ]

    def own(key: str) -> Source | None:
        if PLANT_TYPE in known.waiting:
            return None
        plant = known.plant
        if plant is None or (value := plant.number(key)) is None:
            return {}
        at = plant.observed_at.astimezone(known.now.tzinfo)
        return {OWN: Said(value, at, known.plant_fresh)}

    def devices(key: str, types: tuple[int, ...]) -> Source | None:
        if not known.waiting.isdisjoint(types):
            return None
        some = [(sample, fresh) for sample, fresh in samples if sample.type in types]
        if types == (METER,) and len(some) > 1:
            return {}
        return {
            sample.ps_key: Said(value, at.astimezone(known.now.tzinfo), fresh)
            for sample, fresh in some
            if (value := sample.number(key)) is not None
            and (at := sample.observed_at) is not None
        }

    found: dict[str, float | None] = {}
    for key, chain in COUNTERS.items():
        sources = {name: own(name) for name in (key, *chain.own)}
        for name, types in chain.devices:
            sources[f"{name}@{types[0]}"] = devices(name, types)
        found[key] = steady(memory, key, sources, known.now, known.shown.get(key))
    return found
