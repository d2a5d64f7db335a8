"""What a playback has to know of a vendor, and of the homes that it is tried with."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.server import Simulator

type Step = Callable[[float], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """One vendor: its simulator, an entry for it, and how its time passes."""

    domain: str
    zone: str
    start: datetime
    make: Callable[[Any], Simulator]
    """Return a simulator with these homes."""
    entry: Callable[[Any, str], MockConfigEntry]
    """Return an entry for a simulator in a mode; it may control all."""
    change: Callable[[Any], None]
    """Bring a simulator into a state that it never has by itself."""
    secrets: Callable[[Any], Iterable[str]]
    """Return what nobody may read in a download."""
    seconds: tuple[float, ...]
    """What passes, step by step, until all that is read was read."""
    anew: frozenset[str] = frozenset()
    """Translation keys of what begins anew with an entry, or is of the poll."""
    time: Callable[[str, FrozenDateTimeFactory], AbstractContextManager[None]]
    """Return in what sleeping moves the time on."""
    step: Callable[[HomeAssistant, FrozenDateTimeFactory], Step]
    """Return what lets seconds pass, with all that is due in them."""
    set_up: Callable[[HomeAssistant, MockConfigEntry], Awaitable[None]]
    """Set an entry up and let the first round of reading end."""


@dataclass(frozen=True, slots=True)
class Case:
    """An account with some homes, in one of the modes in which it is reached."""

    vendor: Vendor
    homes: Any
    mode: str = ""
    held: frozenset[str] = frozenset()
    """Translation keys whose value depends on what came before."""

    @property
    def anew(self) -> frozenset[str]:
        """Translation keys whose values may be others when it is played back."""
        return self.vendor.anew | self.held

    @property
    def name(self) -> str:
        """What a test is called by."""
        homes = self.homes if isinstance(self.homes, tuple) else (self.homes,)
        words = [self.vendor.domain.removesuffix("_energy"), *map(str, homes)]
        return "-".join([*words, self.mode] if self.mode else words)
