"""Which values of a plant are still of the present, and can be shown."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from ._vendor.core.ha.coordinator import BundleCoordinator
from .chains import CHAINS
from .hold import holding
from .readings import Plants

if TYPE_CHECKING:
    from .plant import Plant

_INFO = frozenset({"status", "battery_capacity"})
_INCOME = frozenset({"income_today", "feed_in_income_today"})
_RATES = frozenset({"self_sufficiency_today", "self_use_rate_today"})


def shows(plant: Plant, listing: BundleCoordinator[Plants], key: str) -> bool:
    """Tell whether a value can be shown now; ``listing`` is the one of all plants."""
    if key in CHAINS or key.startswith("solar_energy_"):
        return _counts(plant, listing, key)
    if key in _INFO:
        return plant.info.fresh or listing.fresh
    if key in _INCOME:
        return plant.income.fresh
    if key in _RATES:
        return plant.today.fresh and _of_today(plant, plant.today.observed_at)
    if key == "active_alarms":
        return plant.alarms_listing.fresh
    if key == "last_refresh":
        return plant.reading is not None
    return plant.fresh


def _counts(plant: Plant, listing: BundleCoordinator[Plants], key: str) -> bool:
    """Whether a counter is of the present: of today, or of anything that answers."""
    documents: list[BundleCoordinator[Any]] = [plant.today, plant.lifetime]
    documents += [
        device.counters_listing
        for device in plant.devices
        if device.counters_listing is not None
    ]
    if key.endswith("_total"):
        return any(one.fresh for one in (*documents, listing))
    return any(one.fresh and _of_today(plant, one.observed_at) for one in documents)


def _of_today(plant: Plant, at: datetime | None) -> bool:
    now = dt_util.now(plant.zone)
    if at is None:
        return False
    return holding(now) or at.astimezone(plant.zone).date() == now.date()
