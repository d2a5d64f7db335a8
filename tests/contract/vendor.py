"""What a vendor brings to the suite: a simulator, a driver on it, and what to try."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import aiohttp

from simulator.faults import Fault
from simulator.house import House
from simulator.server import Simulator

from .disk import NoteFile
from .wire_time import WireClock

if TYPE_CHECKING:
    from .bench import Bench

_MODULES = (
    "client.errors",
    "control.driver",
    "control.intent",
    "control.lease",
    "control.manager",
    "control.outcome",
)


def words_of(domain: str) -> SimpleNamespace:
    """Return the names of an integration's own copy of the core, in one place."""
    found: dict[str, Any] = {}
    for module in _MODULES:
        copy = import_module(f"custom_components.{domain}._vendor.core.{module}")
        found |= {k: v for k, v in vars(copy).items() if not k.startswith("_")}
    return SimpleNamespace(**found)


@dataclass(frozen=True, slots=True)
class Battery:
    """What the simulated house does: W (battery + gives, grid + imports), percent."""

    power: float
    grid: float
    soc: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that a device can be asked for, and what must come of it.

    Attributes:
        kind: The intent's kind.
        make: Makes the intent; for a timed one with its minutes.
        requests: How many writes it takes when nothing is leased.
        unread: How many of them, the last ones, set what cannot be read back.
        silent: Which of them, from 0, say what is so already: nothing shows whether they
            have arrived, and it makes no difference.
        doubtful: Whether the last one is taken for arrived if nothing can be read for
            long: so that it is ended in any case.
        kept: Which of them, from 0, need not be taken back: they go with the others.
        live: Whether it is read from the device itself, where nothing shows late.
        ends_alone: Whether the device drops a part of it by itself at the end.
        follows: Whether the battery is seen to do it; None if that does not show.
        gap: The part of each day, in local time, in which the device cannot do it.
        clamp: The switch of the simulator with which the device cuts a value down,
            and what `effective` then says of it.
        interfere: Changes something that this has set, as the vendor's app does.
    """

    name: str
    kind: str
    make: Callable[..., Any]
    timed: bool = False
    requests: int = 1
    unread: int = 0
    silent: tuple[int, ...] = ()
    doubtful: bool = False
    kept: tuple[int, ...] = ()
    live: bool = False
    ends_alone: bool = False
    follows: Callable[[Battery], bool] | None = None
    gap: tuple[time, time] | None = None
    clamp: Mapping[str, float] = field(default_factory=dict)
    clamped: Mapping[str, Any] = field(default_factory=dict)
    interfere: Callable[[Bench], None] | None = None

    def __str__(self) -> str:
        """Return the name, for the ids of tests."""
        return self.name

    @property
    def last_is_silent(self) -> bool:
        """Whether nothing shows that the last request has arrived."""
        return self.requests - 1 in self.silent

    def undone(self, taken: int | None = None) -> int:
        """Return how many requests take back so many of them; all without a number."""
        taken = self.requests if taken is None else taken
        return taken - sum(number < taken for number in self.kept)

    def intent(self, bench: Bench, minutes: float = 30) -> Any:
        """Return the intent as it is asked for now."""
        return self.make(bench, minutes) if self.timed else self.make(bench)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that cannot be asked for, and the key of the text that says why."""

    name: str
    key: str
    make: Callable[[Bench], Any]

    def __str__(self) -> str:
        """Return the name, for the ids of tests."""
        return self.name


class Vendor(Protocol):
    """One device of a vendor on a simulator that was made for it."""

    words: SimpleNamespace
    simulator: Simulator
    key: str
    zone: ZoneInfo
    driver: Any
    refused_by_vendor: Fault
    """The vendor says no."""
    too_soon: Fault
    """The vendor says that it was too soon after the last write."""
    ignored: Fault
    """The vendor accepts it, and nothing happens."""
    gap: float
    """Seconds that the vendor wants between two writes."""

    def is_write(self, endpoint: str) -> bool:
        """Return whether requests to an endpoint change something."""

    def is_posted_read(self, path: str) -> bool:
        """Return whether a request that is no GET changes nothing, by its path."""

    def prepare(self, notes: NoteFile) -> None:
        """Bring house, settings and notes into the state in which tests begin."""

    def connect(
        self, session: aiohttp.ClientSession, clock: WireClock, notes: NoteFile
    ) -> None:
        """Make a new client and `driver`, as at a start of the program."""

    async def poll(self) -> None:
        """Read what the device does, for `driver.observation`; errors are kept."""

    def house(self) -> House:
        """Return the simulated house."""

    def truth(self) -> Any:
        """Return what the device has stored, as JSON, in all that could be written."""

    def meaning(self) -> Any:
        """Return the truth without what makes no difference to the device."""

    def stored(self) -> Any:
        """Return of that what the driver reads."""

    def shown(self) -> Any:
        """Return the same as the last reading has it, assumed values included."""

    def effects(self) -> list[Any]:
        """Return what writes have changed until now, oldest first."""

    def writes(self) -> list[Any]:
        """Return the writes that were answered with success, oldest first."""

    def change_beside(self) -> None:
        """Change something that no case touches, as the vendor's app does."""

    def of_the_app(self) -> Any:
        """Return what is stored now and was set by `Case.interfere`."""

    def restart_device(self) -> None:
        """Let the device fall back to the settings with which it began."""

    def reset(self) -> None:
        """Set the same by hand, and what is known of values that cannot be read."""

    def switch(
        self,
        *,
        stores: bool = True,
        follows: bool = True,
        online: bool = True,
        readback_delay: float = 0.0,
        clamps: Mapping[str, float] | None = None,
    ) -> None:
        """Set the switches of the device."""

    def read_schedule(self, settings: Any) -> Any:
        """Return rows and switches of settings; None if there is no schedule."""
