"""What control needs of the API's client."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ..api.target import Target


class RemoteClient(Protocol):
    """Settings of an inverter (reference sections 6.2 and 6.3).

    All raise ``ApiError``. A write raises ``WriteUnknown`` if it may have arrived,
    ``WriteRejected`` if the device said no.
    """

    async def work_mode(self, sn: str) -> Mapping[str, Any]:
        """Return which settings the device speaks of: ``workMode`` and ``arm``."""

    async def function_menus(
        self,
        sn: str,
        *,
        module: str = "GENERAL_FUNCTIONS",
        menu_code: int = 0,
        bat_index: str = "",
    ) -> Sequence[Mapping[str, Any]]:
        """Return the menus of a device."""

    async def function_values(
        self, sn: str, functions: Mapping[str, str]
    ) -> Mapping[str, Any]:
        """Return cached values by address; ``functions`` are ids by address."""

    async def set_function(
        self,
        target: Target,
        values: Mapping[str, Any],
        ids: Mapping[str, str],
        logs: Mapping[str, Any],
    ) -> None:
        """Write registers, by address, and wait for the device."""

    async def settings(
        self, sn: str, names: Sequence[str]
    ) -> Mapping[str, Mapping[str, Any]]:
        """Return the values of named settings, by name."""

    async def set_setting(
        self,
        target: Target,
        name: str,
        data: Mapping[str, Any],
        logs: Mapping[str, Any],
    ) -> None:
        """Write a named setting and wait for the device."""


class ChargerClient(Protocol):
    """Orders of an EV charger (reference sections 3.14 and 6.5). All raise ``ApiError``."""

    async def charger(
        self, station: str, sn: str, model: str | None = None
    ) -> Mapping[str, Any]:
        """Return what the charger does."""

    async def charger_mode(
        self,
        station: str,
        sn: str,
        mode: int,
        *,
        power: float | None = None,
        model: str | None = None,
    ) -> None:
        """Set the mode; ``power`` in kW, with mode 0 only."""

    async def charger_start(
        self, station: str, sn: str, *, model: str | None = None
    ) -> None:
        """Begin to charge."""

    async def charger_stop(
        self, station: str, sn: str, *, model: str | None = None
    ) -> None:
        """End charging."""
