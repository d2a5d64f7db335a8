"""One device of the cloud: its identity, its parameters, its last upload."""

from dataclasses import astuple, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..energy import Energy
from ..house import House
from ..journal import Effect, Journal, Write
from ..setting import Setting
from ..snapshot import Lifetime, Snapshot, present
from .cloud import Cloud
from .device_switches import DeviceSwitches
from .home import HYBRID
from .parameters import BOOT, parameters_of
from .status import operating_status

if TYPE_CHECKING:
    from .home import DeviceSpec, Home
    from .tasks import Task

_BEFORE = Energy(
    solar_wh=54_965_000.0,
    import_wh=8_120_400.0,
    export_wh=31_744_900.0,
    charge_wh=9_733_200.0,
    discharge_wh=9_104_600.0,
    load_wh=30_711_900.0,
    grid_charge_wh=420_300.0,
    ev_wh=2_250_000.0,
)


_PEAK_W = 9_960.0


def before(home: Home) -> Energy:
    """Return what a plant of a size counted before it is watched."""
    size = home.spec.pv_peak_w / _PEAK_W
    return Energy(*(round(wh * size, 1) for wh in astuple(_BEFORE)))


@dataclass(slots=True, kw_only=True)
class Alarm:
    """One entry of the fault list, times in UTC."""

    code: int
    """`fault_type_code` (8.4)."""
    start: datetime
    end: datetime | None = None
    """None is open."""
    type: int = 1
    """1 fault, 2 alarm, 3 notice, 4 suggestion."""
    level: int = 1
    """1 major to 4 slight."""
    name: str = "Grid Power Outage"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """What a device sent last."""

    shot: Snapshot
    status: int | None
    """Its own state at that time; None if it has none."""


@dataclass(slots=True, kw_only=True, eq=False)
class Device:
    """A device as the cloud knows it; `switches` are for tests."""

    spec: DeviceSpec
    home: Home
    house: House
    cloud: Cloud
    lifetime: Lifetime
    switches: DeviceSwitches = field(default_factory=DeviceSwitches)
    parameters: Setting[dict[int, int]] = field(init=False)
    """Raw values by code: `stored` is what is read back, `active` what it obeys."""
    record: Upload | None = field(default=None, init=False)
    """What was uploaded last; None if it never was."""
    alarms: list[Alarm] = field(default_factory=list, init=False)
    tasks: list[Task] = field(default_factory=list, init=False)
    """All that were dispatched to it, oldest first."""
    journal: Journal = field(default_factory=Journal, init=False)
    heartbeat: datetime | None = field(default=None, init=False)
    """When dispatch was last kept alive: a heartbeat, or the change of the mode."""
    heartbeats: list[datetime] = field(default_factory=list, init=False)
    """When 10017 (or 10085) was written."""
    fell_back: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Set it up as an installer leaves it."""
        self.parameters = Setting(
            {code: it.initial for code, it in parameters_of(self.spec).items()}
        )

    # What it is

    @property
    def uuid(self) -> str:
        """Its number, as controls name it."""
        return str(self.spec.uuid)

    @property
    def sn(self) -> str:
        """The serial number."""
        return self.spec.sn

    @property
    def type(self) -> int:
        """The `device_type`."""
        return self.spec.type

    @property
    def ps_key(self) -> str:
        """Its key, as data name it."""
        spec = self.spec
        return f"{self.home.ps_id}_{spec.type}_{spec.code}_{spec.channel}"

    @property
    def rated_w(self) -> float:
        """Nominal power; ratios refer to it."""
        return self.spec.rated_w

    @property
    def has_battery(self) -> bool:
        """Whether a battery hangs on it: a hybrid of a plant that has one."""
        return self.type == HYBRID and self.home.has_battery

    @property
    def is_off(self) -> bool:
        """Whether it was shut down."""
        return self.parameters.active.get(BOOT) == 206

    @property
    def open_alarms(self) -> list[Alarm]:
        """Faults and alarms that are not over."""
        now = self.house.live().at
        return [
            alarm
            for alarm in self.alarms
            if alarm.start <= now and (alarm.end is None or alarm.end > now)
        ]

    @property
    def fault_status(self) -> int:
        """The `dev_fault_status`: 1 fault, 2 alarm, 4 normal."""
        worst = min((alarm.type for alarm in self.open_alarms), default=4)
        return worst if worst in {1, 2} else self.switches.fault_status

    # What it tells

    def now(self) -> Snapshot:
        """Return the present."""
        return present(self.house, self.lifetime)

    def upload(self) -> None:
        """Send a record, if it can."""
        if self.switches.online:
            self.record = self.reading(self.now())

    def reading(self, shot: Snapshot) -> Upload:
        """Return what it would send of a moment."""
        return Upload(shot=shot, status=operating_status(self, shot.live))

    # What is asked of it

    @property
    def writes(self) -> list[Write]:
        """Tasks that were dispatched to change something, oldest first."""
        self.house.advance()
        return self.journal.writes

    @property
    def effects(self) -> list[Effect]:
        """What they changed until now, oldest first."""
        self.house.advance()
        return self.journal.effects

    @property
    def fallbacks(self) -> int:
        """How often dispatch ended for lack of a heartbeat."""
        self.house.advance()
        return self.fell_back

    def write_as_app(self, **changes: int) -> None:
        """Change raw values as the owner does on the phone: `p10002=100`, at once."""
        wanted = {int(name.lstrip("p")): value for name, value in changes.items()}
        self.put(wanted, reaction=0.0)

    def put(self, changes: dict[int, int], *, reaction: float | None = None) -> None:
        """Store raw values; the inverter obeys `reaction` seconds later.

        Of its own accord it does so at once, and shows it.
        """
        after = self.switches.reaction_seconds if reaction is None else reaction
        shown_after = self.switches.shown_seconds if reaction is None else 0.0
        self.parameters.accept(
            self.parameters.stored | changes,
            self.house,
            shown_after=shown_after,
            active_after=after,
        )

    def restore(self, stored: dict[int, int]) -> None:
        """Have parameters as if it had been so for long, without a journal."""

        def put() -> None:
            self.parameters = Setting(self.parameters.stored | stored)

        self.house.change(put)

    def document(self) -> dict[str, Any]:
        """Return what `/_sim/sungrow` shows of it, next to its switches."""
        self.house.advance()
        return {
            "ps_key": self.ps_key,
            "uuid": self.uuid,
            "type": self.type,
            "writes": len(self.writes),
            "effects": len(self.effects),
            "heartbeats": len(self.heartbeats),
            "fallbacks": self.fallbacks,
            "stored": {str(key): it for key, it in self.parameters.stored.items()},
            "active": {str(key): it for key, it in self.parameters.active.items()},
        }
