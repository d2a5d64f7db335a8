"""The settings of a device as the entities see them that show and change them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ..client.errors import BadDataError
from ..control.driver import Settings
from .coordinator import BundleCoordinator


class StoreView:
    """The settings by key, decoded once for each time they are read."""

    def __init__(
        self,
        coordinator: BundleCoordinator[Any],
        decode: Callable[[Any, datetime], Settings],
    ) -> None:
        """Begin with nothing decoded; ``decode`` is the driver's."""
        self._coordinator, self._decode = coordinator, decode
        self._seen: object = None
        self._settings: Settings | None = None

    def __call__(self) -> Settings | None:
        """Return what was last read; None if it cannot be changed as it is."""
        if not self._coordinator.known:
            return None
        data = self._coordinator.data
        if data is not self._seen:
            self._seen = data
            try:
                self._settings = self._decode(self._coordinator.raw, data.observed_at)
            except BadDataError:
                self._settings = None
        return self._settings
