"""An inverter that does what it is told, and notes that reach the disk at once."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.growatt_energy._vendor.core.client.errors import ApiError
from custom_components.growatt_energy._vendor.core.control.driver import Observation
from custom_components.growatt_energy.control_min.min_driver import MinDriver
from custom_components.growatt_energy.control_min.segments import KEYS
from custom_components.growatt_energy.control_min.values import SETTINGS
from custom_components.growatt_energy.families import Family

SERIAL = "TPJ0CD4001"
NOW = datetime(2026, 11, 20, 12, 2, 10, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
RATED = 12_000.0


class Clock:
    """Time that passes only where somebody waits."""

    def __init__(self) -> None:
        """Begin at noon."""
        self.passed = 0.0

    def now(self) -> datetime:
        """Return the time."""
        return NOW + timedelta(seconds=self.passed)

    def monotonic(self) -> float:
        """Return seconds since the beginning."""
        return self.passed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        self.passed += seconds


class Notes(dict[str, Any]):
    """Notes that are never lost."""

    def set(self, key: str, value: Any) -> None:
        """Keep a note."""
        self[key] = value

    async def save(self) -> None:
        """Do nothing: they are there."""


class Inverter:
    """A MIN behind a `Setter`; `vpp` are its registers by number."""

    def __init__(self, *, padded: bool = False, vpp: bool = True) -> None:
        """Begin as an installer leaves it."""
        self.padded, self.vpp = padded, vpp
        self.settings: dict[str, Any] = {
            "chargePowerCommand": 100,
            "disChargePowerCommand": 100,
            "wchargeSOCLowLimit": 100,
            "wdisChargeSOCLowLimit": 10,
            "onGridDischargeStopSOC": 20,
            "ubAcChargingStopSOC": 90,
            "acChargeEnable": 0,
            "onOff": 1,
            "activeRate": 100,
            "exportLimit": 0,
        }
        for number in range(1, 10):
            self.segment(number, 0, "0:0", "0:0", 0)
        self.registers: dict[int, Any] = {1: 0, 25: 0, 26: 0, 27: 0}
        self.sent: list[tuple[float, str, str]] = []
        self.asked: list[int] = []
        self.refuses: ApiError | None = None
        self.clock = Clock()

    def segment(self, number: int, mode: int, start: str, stop: str, on: int) -> None:
        """Set a segment as the app does."""
        self.settings |= {
            f"time{number}Mode": mode,
            f"forcedTimeStart{number}": start,
            f"forcedTimeStop{number}": stop,
            f"forcedStopSwitch{number}": on,
        }

    async def fetch(self) -> Mapping[str, Any]:
        """Return the cloud's copy of the settings."""
        return dict(self.settings)

    async def set(
        self, family: Family, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        """Take a setting."""
        self.sent.append((self.clock.passed, type_, ",".join(params)))
        if type_ in KEYS:
            mode, h1, m1, h2, m2, on = map(int, params)
            self.segment(KEYS.index(type_) + 1, mode, f"{h1}:{m1}", f"{h2}:{m2}", on)
        else:
            self.settings[SETTINGS[type_].name] = int(params[0])

    async def read_vpp(self, family: Family, serial: str, number: int) -> Any:
        """Return a register."""
        self.asked.append(number)
        if self.refuses is not None:
            raise self.refuses
        return self.registers[number]

    async def set_vpp(
        self, family: Family, serial: str, number: int, value: str
    ) -> None:
        """Take a register."""
        if self.refuses is not None:
            raise self.refuses
        self.sent.append((self.clock.passed, f"vpp{number}", value))
        self.registers[number] = int(value)

    def admit(self, family: Family, what: str = "set") -> None:
        """Let everything through."""


class Budget:
    """One that has no limits."""

    def for_write(self) -> Any:
        """Return what lets reads through."""
        return self

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, *error: object) -> None:
        """End."""


def driver_of(
    inverter: Inverter, notes: Notes | None = None, *, soc: float | None = 50
) -> MinDriver:
    """Return a driver on an inverter."""
    return MinDriver(
        SERIAL,
        inverter,
        fetch=inverter.fetch,
        on_read=lambda raw, at: None,
        observe=lambda: Observation(soc=soc),
        zone=ZONE,
        notes=Notes() if notes is None else notes,
        clock=inverter.clock,
        budget=Budget(),
        rated_power=lambda: RATED,
    )
