"""All that is known of a plant at one moment, of which its values are made."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ._vendor.core.ha.coordinator import BundleCoordinator
from .chains import Known
from .readings import Energy, Plants

if TYPE_CHECKING:
    from .plant import Plant

# What is away each night, and is worth waiting for: others may never come back
_ASLEEP = "inverter"

type Coordinator = BundleCoordinator[Any]


def known(plant: Plant, listing: BundleCoordinator[Plants], now: datetime) -> Known:
    """Return what is known at ``now``; ``listing`` is the one of all plants."""
    return Known(
        now=now,
        entry=plant.entry,
        live=plant.reading if plant.fresh and not plant.frozen else None,
        devices=[device.entry for device in plant.devices if device.listed],
        today=_energy_today(plant, now.date()),
        income=plant.income.data if plant.income.known else None,
        lifetime=plant.lifetime.data.kwh if plant.lifetime.known else {},
        lifetime_at=plant.lifetime.observed_at,
        alarms=plant.alarms,
        waiting=_waiting(plant, listing),
        away=frozenset({_ASLEEP} if _all_away(plant, _ASLEEP) else ()),
        every=_every(plant, listing),
    )


def _all_away(plant: Plant, cls: str) -> bool:
    """Whether none of a class of devices can be asked what it counts."""
    states = [one.online for one in plant.devices if one.cls == cls and one.listed]
    return bool(states) and all(online is False for online in states)


def _energy_today(plant: Plant, today: date) -> Energy | None:
    if not plant.today.known or plant.today.data.day != today:
        return None
    return plant.today.data.energy


def _waiting(plant: Plant, listing: Coordinator) -> frozenset[str]:
    """Return which answers may still come for the first time."""
    documents: list[tuple[str, Coordinator | None]] = [
        ("today", plant.today),
        ("lifetime", plant.lifetime),
        ("listed", listing),
        *(
            ("counters", device.counters_listing)
            for device in plant.devices
            if device.online is not False
        ),
    ]
    return frozenset(
        name
        for name, document in documents
        if document is not None
        and not document.known
        and document.last_exception is None
    )


def _every(plant: Plant, listing: Coordinator) -> dict[str, timedelta]:
    """Return how often the answers of the counters have their turn."""
    documents: dict[str, Coordinator] = {
        "today": plant.today,
        "lifetime": plant.lifetime,
        "listed": listing,
    }
    for device in plant.devices:
        if device.counters_listing is not None:
            documents["counters"] = device.counters_listing
    return {name: one.document.interval for name, one in documents.items()}
