"""One business call as the endpoints see it, and how they refuse it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from .cloud import Cloud

if TYPE_CHECKING:
    from .device import Device
    from .plant import Plant

NOT_GIVEN, INVALID = "009", "010"
"""Result codes: a parameter is missing, or has no such value (4.2)."""


class ApiError(Exception):
    """An answer with another `result_code` than 1."""

    def __init__(self, code: str, message: str = "") -> None:
        """Say which, and the `result_msg` if it matters."""
        super().__init__(code, message)
        self.code, self.message = code, message


class CallCounts(Protocol):
    """How often the application called, for `getOpenApiCallInfo`."""

    @property
    def hourly_limit(self) -> int:
        """Most calls of an hour."""

    def this_hour(self) -> int:
        """Return the calls since the hour began."""

    def today(self) -> int:
        """Return the calls since midnight."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call of somebody who may call."""

    body: Mapping[str, Any]
    v1: bool
    """Account login; else OAuth."""
    plants: Sequence[Plant]
    """Those that the token may see."""
    cloud: Cloud
    chinese: bool = False
    """Texts are Chinese: no `lang`, or a switch."""
    counts: CallCounts | None = None

    def text(self, name: str) -> str:
        """Return a required parameter as text; ApiError if it is not there."""
        value = self.body.get(name)
        if value is None or value == "":
            raise ApiError(NOT_GIVEN, f"ws.missing-parameter:{name}")
        return str(value)

    def number(self, name: str, fallback: int | None = None) -> int:
        """Return a whole number; ApiError if it is none or required and missing."""
        if fallback is not None and self.body.get(name) in {None, ""}:
            return fallback
        try:
            return int(self.text(name))
        except ValueError as err:
            raise ApiError(INVALID, f"Parameter:{name} is invalid") from err

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, empty if there is none; ApiError if it is no list."""
        value = self.body.get(name)
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise ApiError(INVALID, f"Parameter:{name} is invalid")
        return [str(entry) for entry in value]

    def plant(self, plant_id: object) -> Plant | None:
        """Return a plant that may be seen."""
        return next((p for p in self.plants if p.id == str(plant_id)), None)

    def device(self, uuid: object) -> Device | None:
        """Return a device that may be seen, by its uuid, as it is now."""
        for plant in self.plants:
            device = plant.device(uuid)
            if device is not None and not device.switches.lost:
                device.house.advance()
                return device
        return None

    def page(self, rows: Sequence[Any]) -> dict[str, Any]:
        """Return the page of rows that was asked for."""
        number = self.number("curPage" if self.v1 else "page")
        size = self.number("size")
        if number < 1 or size < 1:
            raise ApiError(INVALID, "Parameter:page is invalid")
        counter = "rowCount" if self.v1 else self.cloud.counter_name
        return {
            counter: len(rows),
            "pageList": list(rows[(number - 1) * size : number * size]),
        }


type Handler = Callable[[Call], Any]
"""Returns `result_data`; raises ApiError."""
