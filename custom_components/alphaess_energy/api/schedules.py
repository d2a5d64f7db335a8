"""The two schedule stores, decoded tolerantly (reference 3.6 to 3.8 and 6.1)."""

from dataclasses import dataclass
from datetime import time
from typing import Any, Self

from .._vendor.core.client.decode import flag, integer, mappings, time_of_day
from .models import Wire, output, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A daily span of local time; it is off when it starts where it ends."""

    start: time | None
    end: time | None

    @property
    def active(self) -> bool | None:
        """Whether it is a span at all; None while one of its times is unknown."""
        if self.start is None or self.end is None:
            return None
        return self.start != self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class LegacyConfig:
    """One direction of the legacy store (3.6, 3.7); ``limit`` in percent."""

    enabled: bool | None
    limit: float | None
    windows: tuple[Window, Window]

    @property
    def blank(self) -> bool:
        """Whether the vendor told nothing at all."""
        unknown = Window(start=None, end=None)
        return self.enabled is self.limit is None and self.windows == (unknown, unknown)

    @classmethod
    def charge(cls, wire: Wire) -> Self:
        """Decode the charging side."""
        return cls(
            enabled=flag(wire.get("gridCharge")),
            limit=percent(wire.get("batHighCap")),
            windows=_windows(wire, "timeCha"),
        )

    @classmethod
    def discharge(cls, wire: Wire) -> Self:
        """Decode the discharging side."""
        return cls(
            enabled=flag(wire.get("ctrDis")),
            limit=percent(wire.get("batUseCap")),
            windows=_windows(wire, "timeDis"),
        )


def _windows(wire: Wire, prefix: str) -> tuple[Window, Window]:
    first, second = (
        Window(
            start=time_of_day(wire.get(f"{prefix}f{n}")),
            end=time_of_day(wire.get(f"{prefix}e{n}")),
        )
        for n in (1, 2)
    )
    return first, second


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One period of the periodic store (3.8): weekdays 1-7, W, percent."""

    window: Window
    weekdays: tuple[int, ...]
    power: float | None
    limit: float | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode."""
        weeks = wire.get("weeks")
        return cls(
            window=Window(
                start=time_of_day(wire.get("beginTime")),
                end=time_of_day(wire.get("endTime")),
            ),
            weekdays=tuple(
                sorted(
                    weekday
                    for item in (weeks if isinstance(weeks, list) else [])
                    if (weekday := integer(item)) is not None and 1 <= weekday <= 7
                )
            ),
            power=output(wire.get("chargePower")),
            limit=percent(wire.get("chargeLimit")),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicConfig:
    """The periodic store (3.8). Its enable flags always read 0 and are left out.

    A side whose list is missing is ``None``: that is not the list of no periods.
    """

    weekly: bool | None
    charge: tuple[Period, ...] | None
    discharge: tuple[Period, ...] | None

    @classmethod
    def from_wire(cls, wire: Wire) -> Self:
        """Decode."""
        return cls(
            weekly=flag(wire.get("executeCycleType")),
            charge=_periods(wire.get("chargeTimeList")),
            discharge=_periods(wire.get("dischargeTimeList")),
        )

    @property
    def blank(self) -> bool:
        """Whether the vendor told nothing at all."""
        return self.charge is self.discharge is None


def _periods(value: Any) -> tuple[Period, ...] | None:
    if not isinstance(value, list | dict):
        return None
    return tuple(map(Period.from_wire, mappings(value)))
