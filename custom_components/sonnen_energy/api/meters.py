"""Power meters and digital inputs and outputs (reference sections 3.4 and 3.6)."""

from dataclasses import dataclass
from typing import Self

from .._vendor.core.client.decode import flag, integer, number, text
from .values import Wire, power, slug

_MAX_KWH = 10_000_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """One power meter (3.4): W, VA, var, A, V and lifetime kWh.

    A meter with an ``error`` could not be read: then it has no values at all.
    """

    direction: str
    device: int
    channel: int
    error: int
    imported: float | None
    exported: float | None
    power: float | None
    apparent: float | None
    reactive: float | None
    powers: tuple[float | None, ...]
    currents: tuple[float | None, ...]
    voltages: tuple[float | None, ...]
    line_voltages: tuple[float | None, ...]

    @classmethod
    def from_wire(cls, wire: Wire) -> Self | None:
        """Decode; None without what tells meters apart."""
        direction = slug(wire.get("direction"))
        device, channel = integer(wire.get("deviceid")), integer(wire.get("channel"))
        if direction is None or device is None or channel is None:
            return None
        error = 0 if wire.get("error") is None else integer(wire["error"])
        if error != 0:
            wire = {}

        def phases(*keys: str) -> tuple[float | None, ...]:
            return tuple(power(wire.get(key)) for key in keys)

        return cls(
            direction=direction,
            device=device,
            channel=channel,
            error=-1 if error is None else error,
            imported=number(wire.get("kwh_imported"), low=0.0, high=_MAX_KWH),
            exported=number(wire.get("kwh_exported"), low=0.0, high=_MAX_KWH),
            power=power(wire.get("w_total")),
            apparent=power(wire.get("va_total")),
            reactive=power(wire.get("var_total")),
            powers=phases("w_l1", "w_l2", "w_l3"),
            currents=phases("a_l1", "a_l2", "a_l3"),
            voltages=phases("v_l1_n", "v_l2_n", "v_l3_n"),
            line_voltages=phases("v_l1_l2", "v_l2_l3", "v_l3_l1"),
        )

    @property
    def key(self) -> str:
        """What tells it from others, whatever its place in the list."""
        return f"{self.direction}_{self.device}_{self.channel}"

    @property
    def power_factor(self) -> float | None:
        """Active through apparent power, -1 to 1; None without apparent power."""
        if self.power is None or self.apparent is None or self.apparent <= 0:
            return None
        return max(-1.0, min(1.0, self.power / self.apparent))


@dataclass(frozen=True, slots=True, kw_only=True)
class IoItem:
    """A digital input or output (3.6) that is used for something."""

    name: str
    usage: str
    connector: str | None
    on: bool | None

    @classmethod
    def from_wire(cls, name: str, wire: Wire) -> Self | None:
        """Decode; None without a usage: then nothing is connected."""
        label, usage = text(name), text(wire.get("usage"))
        if label is None or usage is None:
            return None
        return cls(
            name=label,
            usage=usage,
            connector=text(wire.get("connector")),
            on=flag(wire.get("status")),
        )
