"""What an inverter was told of its registers, and how they read before (section 6.2).

The cloud's cache of them may be older than our own writes.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from .._vendor.core.client.decode import mapping, moment
from .._vendor.core.control.intent import Value, Values
from .catalogue import IMMEDIATE, IMMEDIATE_POWER, IMMEDIATE_SOC, REGISTERS, RUNNING

# How long a device may take to do what it was told
REACTION = timedelta(minutes=3)
# They mean nothing else than how a charge of ours goes on
_OF_CHARGE = frozenset({IMMEDIATE_SOC, IMMEDIATE_POWER})
# How many values of a register before the last one the cache is thought to hold
_MOST = 20


@dataclass(slots=True)
class Told:
    """What was acknowledged last.

    ``earlier`` is how registers read before each change of a lease, from its beginning.
    ``running_at`` is when run or stop was told. Until ``doubt_ends`` what is read may
    tell whether a start without an answer has arrived.
    """

    values: dict[str, Value] = field(default_factory=dict)
    earlier: dict[str, list[Value]] = field(default_factory=dict)
    running_at: datetime | None = None
    doubt_ends: datetime | None = None

    @classmethod
    def load(cls, note: object) -> Self:
        """Return what was dumped, as far as it can be understood."""
        data = mapping(note)
        earlier = mapping(data.get("earlier")).items()
        return cls(
            values=dict(mapping(data.get("values"))),
            earlier={k: list(v) for k, v in earlier if isinstance(v, list)},
            running_at=moment(data.get("running_at")),
        )

    def dump(self) -> dict[str, Any]:
        """Return what must outlive us, as plain JSON."""
        return {
            "values": dict(self.values),
            "earlier": {key: list(values) for key, values in self.earlier.items()},
            "running_at": self.running_at and self.running_at.isoformat(),
        }

    def copy(self) -> Told:
        """Return what stays as it is now."""
        return Told(
            values=dict(self.values),
            earlier={key: list(values) for key, values in self.earlier.items()},
            running_at=self.running_at,
            doubt_ends=self.doubt_ends,
        )

    def begins(self, values: Values, read: Values) -> None:
        """Remember what was ``read`` of what a lease is about to change."""
        for key in values:
            was = read.get(key)
            if key not in REGISTERS or key == IMMEDIATE or was is None:
                continue
            known = self.earlier.get(key, [])
            if was in known:
                continue
            # Else somebody else has set it since
            ours = was == self.values.get(key)
            known = [*known, was] if ours else [was]
            self.earlier[key] = [known[0], *known[1:][-_MOST:]]

    def acknowledged(self, values: Values, now: datetime, *, leased: bool) -> None:
        """Keep what was acknowledged: some of it may not be readable."""
        for key, value in values.items():
            if key not in REGISTERS:
                continue
            # Whatever is not a start is an end, also what was never told before.
            self.values[key] = bool(value) if key == IMMEDIATE else value
            known = self.earlier.pop(key, [])
            if leased and known and value != known[0]:
                self.earlier[key] = [one for one in known if one != value]
            if key == IMMEDIATE:
                self.doubt_ends = None
            elif key == RUNNING:
                self.running_at = now

    def perhaps_old(self, values: Values) -> frozenset[str]:
        """Return what of a lease reads as it did before.

        The cache may be old, or the device has lost it: nobody's doing.
        """
        begun = self.values.get(IMMEDIATE) is True
        return frozenset(
            key
            for key, known in self.earlier.items()
            if values.get(key) in known and (begun or key not in _OF_CHARGE)
        )

    def is_newer(self, at: datetime) -> bool:
        """Whether what was seen ``at`` a moment tells more of run or stop."""
        return self.running_at is None or at >= self.running_at + REACTION
