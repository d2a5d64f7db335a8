"""One device of the cloud: its identity, its settings, its last record.

Payloads are made of a `Device` and a `Snapshot`; commands go through `write`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ..energy import Energy
from ..house import House
from ..journal import Effect, Journal, Write
from ..noise import dice
from ..setting import Setting
from ..snapshot import Lifetime, Snapshot, present
from .cloud import Cloud
from .families import FACTS, Facts, Family
from .settings import initial_settings
from .switches import DeviceSwitches
from .vpp import Vpp

if TYPE_CHECKING:
    from .home import DeviceSpec, Home

__all__ = ["Alarm", "Device", "Snapshot"]

type Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Alarm:
    """One entry of the alarm list, times in UTC."""

    code: int
    message: str
    start: datetime
    end: datetime
    status: int = 1


@dataclass(slots=True, kw_only=True, eq=False)
class Device:
    """A device as the cloud knows it; `switches` are for tests."""

    spec: DeviceSpec
    home: Home
    house: House
    cloud: Cloud
    switches: DeviceSwitches = field(init=False)
    settings: Setting[Settings] = field(init=False)
    """By read-back name: `shown` is the cloud's copy, `active` the inverter's own."""
    vpp: Vpp = field(init=False)
    record: Snapshot | None = field(default=None, init=False)
    """What the datalogger pushed last; None if it never did."""
    alarms: list[Alarm] = field(default_factory=list, init=False)
    journal: Journal = field(default_factory=Journal, init=False)
    lifetime: Lifetime = field(init=False)
    clock_error: float = field(default=0.0, init=False)
    """Seconds by which its clock is ahead of the plant's time."""
    _writes: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Set it up as an installer leaves it."""
        self.switches = DeviceSwitches(vpp=self.spec.vpp, sleeps=self.spec.sleeps)
        self.settings = Setting(initial_settings(self.spec))
        self.vpp = Vpp(self.house, self.switches)
        self.lifetime = Lifetime(self.house, BEFORE)

    # What it is

    @property
    def sn(self) -> str:
        """The serial number."""
        return self.spec.sn

    @property
    def family(self) -> Family:
        """Where it belongs."""
        return self.spec.family

    @property
    def facts(self) -> Facts:
        """How its family is called on the wire."""
        return FACTS[self.spec.family]

    @property
    def model(self) -> str:
        """What a person calls it: `MOD 12KTL3-XH`."""
        return self.spec.model

    @property
    def model_text(self) -> str:
        """What its registers say it is."""
        return self.spec.model_text

    @property
    def alias(self) -> str:
        """The name the owner gave it, the serial number without one."""
        return self.spec.alias or self.spec.sn

    @property
    def datalogger(self) -> str:
        """Serial number of the datalogger it hangs on; empty for a NOAH."""
        if self.switches.own_datalogger != "no":
            return self.sn
        return "" if self.family is Family.NOAH else self.home.datalogger

    @property
    def rated_w(self) -> int:
        """Nominal power; percentages refer to it."""
        return self.spec.rated_w

    @property
    def has_meter(self) -> bool:
        """Whether grid and load counters mean anything."""
        return self.switches.has_meter and self.spec.measures_grid

    @property
    def asleep(self) -> bool:
        """Whether it pushes nothing because it is night."""
        return self.switches.sleeps and self.house.live().pv_w <= 0

    @property
    def online(self) -> bool:
        """Whether its datalogger can be reached."""
        return self.switches.online

    # What it tells

    def now(self) -> Snapshot:
        """Return the present."""
        return self.own(present(self.house, self.lifetime))

    def own(self, shot: Snapshot) -> Snapshot:
        """Return what this device has to do with, of all that the house does."""
        if self.spec.has_battery:
            return shot
        return shot.without_battery()

    def push(self) -> None:
        """Put a new record into the cloud, if it can."""
        if self.online and not self.asleep:
            self.record = self.now()

    def system_time(self) -> str:
        """Return its own clock, which is meant to be the plant's time."""
        at = self.house.live().at + timedelta(seconds=self.clock_error)
        return f"{at.astimezone(self.house.spec.zone):%Y-%m-%d %H:%M:%S}"

    # What is asked of it

    @property
    def writes(self) -> list[Write]:
        """Writes that were accepted, also such that changed nothing, oldest first."""
        return self.journal.writes

    @property
    def effects(self) -> list[Effect]:
        """What accepted writes changed until now, oldest first."""
        self.house.advance()
        return self.journal.effects

    def write(self, name: str, asked: Any, changes: Mapping[str, Any]) -> None:
        """Take a write that passed all checks.

        `name` is the vendor's type, `asked` the parameters, `changes` by read-back
        name. The inverter obeys at once, the cloud's copy follows 10 to 90 s later.
        """
        at = self.house.live().at
        self.journal.writes.append(Write(at, name, asked))
        if not self.switches.executes:
            return
        before = self.settings.stored
        self._accept(changes)
        self.journal.effect(at, name, before, self.settings.stored)

    def write_as_app(self, **changes: Any) -> None:
        """Change settings as the owner does on the phone: obeyed and shown at once."""
        self.settings.accept(
            dict(self.settings.stored) | changes,
            self.house,
            shown_after=0,
            active_after=0,
        )

    def restore(self, stored: Settings) -> None:
        """Have settings as if it had been so for long, without a journal."""

        def put() -> None:
            self.settings = Setting(dict(self.settings.stored) | dict(stored))

        self.house.change(put)

    def note_write(self, name: str, asked: Any) -> None:
        """Note a write that is no setting (VPP)."""
        self.journal.writes.append(Write(self.house.live().at, name, asked))

    def _accept(self, changes: Mapping[str, Any]) -> None:
        clamped = {
            key: min(value, self.switches.clamps[key])
            if key in self.switches.clamps and isinstance(value, int | float)
            else value
            for key, value in changes.items()
        }
        self.settings.accept(
            dict(self.settings.stored) | clamped,
            self.house,
            shown_after=self._readback_delay(),
            active_after=self.switches.reaction_delay,
        )

    def _readback_delay(self) -> float:
        self._writes += 1
        fixed = self.switches.readback_delay
        if fixed is not None:
            return fixed
        draw = dice(self.house.spec.seed, f"readback/{self.sn}", self._writes)
        return draw.uniform(10, 90)


BEFORE = Energy(
    solar_wh=9_435_600.0,
    import_wh=4_844_600.0,
    export_wh=4_310_700.0,
    charge_wh=3_702_900.0,
    discharge_wh=3_588_100.0,
    load_wh=9_854_700.0,
    grid_charge_wh=710_600.0,
)
