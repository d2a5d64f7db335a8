"""One call, and what may answer it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from .refusal import Refusal

if TYPE_CHECKING:
    from .device import Device
    from .server import GoodWeSimulator
    from .station import Station

NO_DATA: Final = object()
"""What a handler returns whose answer has no `data`."""
TRUE_ALONE: Final = object()
"""What a handler returns whose answer is `data: true` and nothing else."""
_STATION = ("stationId", "pwId", "plantId")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What a client asks, after its session was found to be right."""

    simulator: GoodWeSimulator
    query: Mapping[str, str]
    body: Mapping[str, Any]
    path: Mapping[str, str]
    """Placeholders of the path."""
    now: datetime
    """The server's clock, UTC."""

    def value(self, name: str) -> Any:
        """Return a parameter of body, query or path; None if it is in none."""
        for source in (self.body, self.query, self.path):
            if source.get(name) is not None:
                return source[name]
        return None

    def text(self, name: str) -> str:
        """Return a parameter as text; raises Refusal if it is missing."""
        value = self.value(name)
        if value is None or value == "":
            raise Refusal("P0214")
        return str(value)

    def number(self, name: str, default: int) -> int:
        """Return a whole number; raises Refusal if it is none."""
        value = self.value(name)
        if value is None:
            return default
        try:
            return int(value)
        except (TypeError, ValueError) as err:
            raise Refusal("P0214") from err

    def station(self, station_id: str | None = None) -> Station:
        """Return the station that is asked about; raises Refusal."""
        if station_id is None:
            station_id = next(
                (str(it) for name in _STATION if (it := self.value(name))), None
            )
        if station_id is None:
            raise Refusal("P0214")
        station = self.simulator.station(station_id)
        if station is None:
            raise Refusal("100025")
        return station

    def device(self, sn: str | None = None) -> Device:
        """Return the device that is asked about; raises Refusal."""
        device = self.simulator.devices.get(self.text("sn") if sn is None else sn)
        if device is None:
            raise Refusal("100025")
        return device

    def permit(self, station: Station, right: str) -> None:
        """Raise Refusal unless the account has a right on a station."""
        if right not in station.permissions:
            raise Refusal("100025")


type Handler = Callable[[Call], Any | Awaitable[Any]]


class Endpoint(NamedTuple):
    """Who answers a path."""

    handler: Handler
    write: bool = False
    """Whether it changes something: counted apart from reads."""
