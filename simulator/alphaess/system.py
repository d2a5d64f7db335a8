"""One AlphaESS system: its house, its identity, its settings and its quirks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from ..balance import Command
from ..house import House, State
from ..setting import Setting
from .homes import Charger, Home, Store
from .inverter import legacy_command, periodic_command
from .journal import Effect, Journal, Part, Write
from .schedules import Settings, clamped

type Blank = Literal["zeros", "nulls", "none"]
type Stored = Literal["charge", "discharge", "periodic", "household"]


@dataclass(slots=True, kw_only=True, eq=False)
class AlphaSystem:
    """A system as the cloud sees it; the plain attributes are switches for tests."""

    home: Home
    house: House
    charge: Setting[Settings]
    discharge: Setting[Settings]
    periodic: Setting[Settings]
    charger: Charger | None

    # Identity and binding
    registered: bool = True
    """False: no owner, so a verification code cannot be sent (6002)."""
    verification_code: str | None = None
    """The last code that was mailed to the owner."""
    verification_until: datetime | None = None

    # Device
    online: bool = True
    live: Literal["full", "null"] = "full"
    """null: models that answer every live field with null."""
    frozen: bool = False
    """The cloud goes on answering the last live data that it answered."""
    pload_glitches: int = 0
    """So many of the next live answers have a load of -7800 W."""

    # History
    five_minute_pv_zero: bool = False
    load_spikes: bool = True
    series_order: Literal["newest_first", "oldest_first", "shuffled"] = "newest_first"
    series_noise: bool = True
    """Duplicates and records of the neighbouring days in a day's series."""
    midnight_blank_minutes: int = 5
    """So long after local midnight today's energies are blank; 0 is never."""
    midnight_blank: Blank = "zeros"
    before_installation: Literal["zeros", "nulls", "none", "6016"] = "zeros"
    income: bool = True
    """False: the summary is null from the lifetime energy on."""
    money_type: str | None = "EUR"

    # Schedules
    periodic_read: bool = True
    periodic_write: bool = True
    governing: Store = "legacy"
    stores_writes: bool = True
    """False: a write is answered 200 and changes nothing."""
    follows: bool = True
    """False: a write is stored; battery and wallbox go on as before."""
    clamps: dict[str, float] = field(default_factory=dict)
    """Most that the device stores of a field, in its unit: `batHighCap`, `chargeLimit`
    of every period. More is accepted and cut down."""
    refuses_off_grid: bool = True
    """Schedules are refused with 6008 while the house has no grid."""
    reaction_delay: float = 120.0
    readback_delay: float = 0.0

    household: Setting[Settings] = field(
        default_factory=lambda: Setting({"currentsetting": 32.0})
    )
    journal: Journal = field(default_factory=Journal, init=False)
    last_live: dict[str, Any] | None = field(default=None, init=False)
    last_write: dict[str, datetime] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        """Take the battery over."""
        self.house.policy = self._policy

    @property
    def serial(self) -> str:
        """The `sysSn`."""
        return self.home.serial

    @property
    def has_battery(self) -> bool:
        """Whether there is something to schedule."""
        return self.house.spec.battery_capacity_wh > 0

    @property
    def writes(self) -> list[Write]:
        """Writes that were accepted, also such that changed nothing, oldest first."""
        return self.journal.writes

    @property
    def effects(self) -> list[Effect]:
        """What accepted writes changed until now, oldest first."""
        self.house.advance()
        return self.journal.effects

    def write(self, part: Stored, value: Settings) -> None:
        """Take a write that came through the API."""
        at = self.note_write(part, value)
        if not self.stores_writes:
            return
        setting: Setting[Settings] = getattr(self, part)
        before = setting.stored
        setting.accept(
            clamped(value, self.clamps),
            self.house,
            shown_after=self.readback_delay,
            active_after=self.reaction_delay if self.follows else None,
        )
        self.journal.effect(at, part, before, setting.stored)

    def write_as_app(self, setting: Setting[Settings], **changes: Any) -> None:
        """Change single fields as the vendor's app does: shown at once, then followed."""
        setting.accept(
            clamped(setting.stored | changes, self.clamps),
            self.house,
            shown_after=0,
            active_after=self.reaction_delay,
        )

    def note_write(self, part: Part, asked: Settings) -> datetime:
        """Note that a write is answered with success, and return when."""
        at = self.house.live().at
        self.journal.writes.append(Write(at, part, asked))
        return at

    def _policy(self, local: datetime, state: State) -> Command:
        if self.governing == "periodic":
            return periodic_command(self.periodic.active, local, state.soc)
        return legacy_command(
            self.charge.active, self.discharge.active, local, state.soc
        )
