"""The driver of SPA (reference sections 6.5 and 6.6)."""

from typing import Any

from ..api.setter import Setter
from ..families import Family
from .period_driver import PeriodDriver
from .store import spa_store


class SpaDriver(PeriodDriver):
    """Periods of either side and times without discharging; remote control.

    With a token the vendor's page of periods contradicts itself and nobody has tried
    it: they are written there only with ``experimental``.
    """

    _family = Family.SPA

    def __init__(
        self, serial: str, setter: Setter, *, experimental: bool = False, **shared: Any
    ) -> None:
        """``shared`` is what ``PeriodDriver`` takes by name."""
        app = setter.padded
        super().__init__(
            serial,
            setter,
            spa_store(mains_flag=not app),
            periods=app or experimental,
            **shared,
        )
