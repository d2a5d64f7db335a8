"""What the manager needs of a vendor: capabilities as data, and a few calls."""

from collections.abc import Iterable, Mapping, Sequence, Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeIs, runtime_checkable

from ..client.errors import BadDataError
from .intent import HoldBlock, Intent, Kind, Leasable, Value, Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What a number may be, both ends included."""

    low: float
    high: float
    step: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long things take, in seconds.

    ``read_back``: until settings must show a write; ``pauses`` between two looks, the
    last one for all further ones. ``reaction``: until the battery must follow.
    ``too_soon``: how long to wait when the vendor says that a write came too soon
    after the last one.
    """

    read_back: float
    reaction: float
    pauses: tuple[float, ...] = (1.0, 2.0, 5.0, 10.0)
    too_soon: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What a device can do.

    ``power`` is the W that a force can be told, None if it cannot. ``writes_per_day``
    is what is reasonable for the vendor's memory, None if it is not about that. ``self_use_mode`` says that self-use
    is a mode that the device can be told, not only the absence of a force.
    """

    intents: frozenset[Kind]
    timing: Timing
    blocks: frozenset[HoldBlock] = frozenset()
    power: Range | None = None
    target_soc: Range = field(default_factory=lambda: Range(low=0, high=100))
    reserve: Range | None = None
    writes_per_day: int | None = 60
    self_use_mode: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the device was last seen doing.

    Power in W, + is discharging; ``fresh`` says whether it is recent enough to force
    on; ``obstacle`` is the key of a text if there is another reason not to.
    """

    at: datetime | None = None
    fresh: bool = False
    soc: float | None = None
    battery: float | None = None
    off_grid: bool | None = None
    reachable: bool = True
    obstacle: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is set on a device.

    A key that is missing in ``values`` is unknown, one that is None is not there; where
    keys come and go, ``exhaustive`` says that one that is missing is not there either.
    ``assumed`` keys cannot be read: they hold our last acknowledged write. ``raw`` is
    the vendor's own document, for writes of whole objects. ``store`` says which one
    they are of, where a vendor has several with keys of their own. ``volatile`` keys
    are seen to be gone, as the device drops them by itself: that is nobody's doing.
    ``fallback`` is what else than the values before a restart of it may leave.
    ``leased`` is what reads otherwise only for a lease, where ``values`` are without it.
    """

    observed_at: datetime
    values: Values
    assumed: frozenset[str] = frozenset()
    raw: Any = None
    store: str = ""
    volatile: frozenset[str] = frozenset()
    fallback: Values = field(default_factory=dict)
    leased: Values = field(default_factory=dict)
    exhaustive: bool = False

    def lacking(self, keys: Iterable[str]) -> list[str]:
        """Return of which keys nothing tells how they are now."""
        if self.exhaustive:
            return []
        known = self.values.keys() | self.assumed | self.volatile
        return [key for key in keys if key not in known]

    def require(self, keys: Iterable[str]) -> None:
        """Raise ``BadDataError`` if nothing tells how one of these is now."""
        if lacking := self.lacking(keys):
            raise BadDataError(
                f"nothing was read of {', '.join(lacking)}",
                reason="settings_incomplete",
            )

    def shows(self, wanted: Values) -> bool:
        """Whether all readable keys are as wanted."""
        return all(
            self.values.get(key) == value
            for key, value in wanted.items()
            if key not in self.assumed
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request: what it changes, by key. ``label`` names it in messages."""

    label: str
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What an intent means for this device now.

    ``target`` are the settings that carry it, also those that are so already.
    ``memo`` is kept with the lease for the put-back. ``device_until`` is when the
    device ends it by itself, None if it never does. ``mark`` is what of the target
    would keep a force going if nobody ended it; empty means all of it. ``ends`` are
    leased keys beside which the target cannot be: what has leased them ends first.
    """

    target: Values
    memo: Mapping[str, Any] = field(default_factory=dict)
    mark: Values = field(default_factory=dict)
    device_until: datetime | None = None
    effective_from: datetime | None = None
    effective: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    ends: AbstractSet[str] = frozenset()


class Driver(Protocol):
    """One device of a vendor."""

    @property
    def capabilities(self) -> Capabilities:
        """What the device can do now."""

    def observation(self) -> Observation:
        """Return what is known without asking."""

    async def read(self) -> Settings:
        """Ask for the settings. Raises ``ApiError``."""

    def plan(self, intent: Intent, base: Settings, now: datetime) -> Plan:
        """Return what to set for ``intent``, given the settings without any lease.

        Raises ``Refusal`` for what the device cannot do or hold.
        """

    def steps(self, changes: Values, settings: Settings) -> Sequence[Step]:
        """Group changes into requests, in the order in which a force begins."""

    async def apply(
        self, step: Step, settings: Settings, memo: Mapping[str, Any]
    ) -> None:
        """Send one request, once.

        Raises ``WriteUnknown`` if it may have arrived, ``TransportError`` if it did
        not, any other ``ApiError`` if the vendor refused it.
        """

    def restorable(self, changes: Values, settings: Settings) -> Values:
        """Return what of a put-back may be, given what others have set meanwhile."""

    def admit(self, requests: int) -> None:
        """Raise ``ThrottledError`` if the budget lacks so many writes."""

    def following(self, intent: Leasable, seen: Observation) -> bool | None:
        """Return whether the device does it; None if that cannot be seen."""

    def forced(self, settings: Settings, mark: Values) -> Values:
        """Return what would end a force of which only ``mark`` is known.

        ``mark`` are the values that we wrote; empty means that nothing of it is left.
        """


@runtime_checkable
class PartReader(Protocol):
    """A driver that reads a part of its settings much sooner than all of them."""

    async def read_part(self, keys: AbstractSet[str]) -> Settings:
        """Ask at least for these settings; the others may be unknown, or older.

        One that is not answered is unknown. Raises ``ApiError`` if none of them is.
        """


@runtime_checkable
class Releaser(Protocol):
    """A driver that knows what ends a force, whatever else cannot be read."""

    @property
    def freeing(self) -> AbstractSet[str]:
        """The settings of which self-use is made."""

    def spared(self, put_back: Values) -> AbstractSet[str]:
        """Return what means nothing any more once the rest of a put-back is there."""

    def unseen(self, mark: Values) -> Values:
        """Return what ends a force safely, whatever is set now; empty if nothing does.

        ``mark`` are the values that we wrote.
        """


async def read_of(driver: Driver, keys: AbstractSet[str]) -> Settings:
    """Ask a driver for some settings. Raises ``ApiError``."""
    if isinstance(driver, PartReader):
        return await driver.read_part(keys)
    return await driver.read()


def is_clamped(value: Value, asked: Value, before: Value) -> bool:
    """Whether the device made another number of what was asked.

    Texts, flags and what is not there cannot be clamped. An object is where only
    single numbers in it differ, none of which has turned into its opposite.
    """
    if value in (asked, before):
        return False
    if isinstance(asked, Mapping) and isinstance(value, Mapping):
        return asked.keys() == value.keys() and all(
            item == value[name] or _is_another(item, value[name])
            for name, item in asked.items()
        )
    return is_numeric(asked) and is_numeric(value)


def is_numeric(value: Value) -> bool:
    """Whether it is a number, or a list of them and of what is not said."""
    if isinstance(value, list):
        return bool(value) and all(item is None or is_numeric(item) for item in value)
    return _is_single(value)


def _is_another(asked: object, value: object) -> bool:
    """Whether both are numbers that mean the same in another amount."""
    return _is_single(asked) and _is_single(value) and (asked < 0) == (value < 0)


def _is_single(value: object) -> TypeIs[float]:
    """Whether it is one number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
