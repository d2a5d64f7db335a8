"""The driver of SPH and MIX (reference sections 6.4 and 6.6)."""

from typing import Any

from ..api.setter import Setter
from ..families import Family
from .period_driver import PeriodDriver
from .store import SPH_STORE


class SphDriver(PeriodDriver):
    """Periods, and remote control on the models that have it."""

    _family = Family.SPH

    def __init__(self, serial: str, setter: Setter, **shared: Any) -> None:
        """``shared`` is what ``PeriodDriver`` takes by name."""
        super().__init__(serial, setter, SPH_STORE, **shared)
