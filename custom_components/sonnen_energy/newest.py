"""What follows from the newest of all documents, computed once for each of them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from homeassistant.util import dt as dt_util

from . import derive
from ._vendor.core.client.decode import text
from ._vendor.core.ha.coordinator import BundleCoordinator
from .api.models import BatteryInfo, Configurations, Latest
from .driver import Battery, Configuration, Detail
from .times import steady

if TYPE_CHECKING:
    from .coordinator import SonnenBattery

# Moments that are looked at by people move by the second otherwise (3.9.5 d).
_MOMENTS = ("reserve_at", "full_at", "empty_at", "last_full")


class Newest:
    """The derived values of a battery; since when it is full survives a restart."""

    def __init__(self, battery: SonnenBattery) -> None:
        """Begin with nothing computed."""
        self._battery = battery
        self._note = f"{battery.serial}/full_since"
        self._seen: tuple[Any, ...] | None = None
        self._derived: derive.Derived | None = None
        self._moments: dict[str, datetime | None] = {}

    @property
    def derived(self) -> derive.Derived:
        """The derived values of now; the status must be known."""
        battery = self._battery
        detail, info = _fresh(battery.detail), _fresh(battery.battery)
        inverter, configuration = _fresh(battery.inverter), _fresh(battery.config)
        known = battery.known
        seen = (battery.live.data, detail, info, inverter, configuration, *known)
        if self._derived is None or self._seen is None or _changed(seen, self._seen):
            self._seen = seen
            self._derived = derive.derive(
                battery.live.data,
                detail=detail,
                battery=info,
                inverter=inverter,
                configuration=configuration,
                known=_capacities(*known),
                zone=battery.zone,
                full_since=self._full_since,
            )
            self._full_since = self._derived.full_since
            for name in _MOMENTS:
                self._moments[name] = steady(
                    self._moments.get(name), getattr(self._derived, name)
                )
        return self._derived

    def moment(self, name: str) -> datetime | None:
        """Return a moment to the minute, which stands still while it moves little."""
        _ = self.derived
        return self._moments[name]

    @property
    def _full_since(self) -> datetime | None:
        noted = text(self._battery.account.notes.get(self._note))
        moment = dt_util.parse_datetime(noted) if noted is not None else None
        return moment if moment is not None and moment.tzinfo is not None else None

    @_full_since.setter
    def _full_since(self, moment: datetime | None) -> None:
        if moment != self._full_since:
            noted = moment.isoformat() if moment is not None else None
            self._battery.account.note(self._note, noted)


def _capacities(
    complete: bool,
    detail: Detail | None,
    info: Battery | None,
    configuration: Configuration | None,
) -> derive.Known:
    return derive.Known(
        complete=complete,
        latest=detail.values if detail else Latest.from_wire({}),
        battery=info.values if info else BatteryInfo.from_wire({}),
        configurations=(
            configuration.values if configuration else Configurations(raw={})
        ),
    )


def _fresh(coordinator: BundleCoordinator[Any]) -> Any:
    return coordinator.data if coordinator.fresh else None


def _changed(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    return any(a is not b for a, b in zip(one, other, strict=True))
