"""The settings of one inverter, from their writing to what the house does."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from ..balance import Command
from ..house import House, State
from ..journal import Effect, Journal, Write
from ..noise import dice
from ..setting import Setting
from .behaviour import Act, act, is_off_grid
from .control_switches import ControlSwitches
from .dialects import Dialect
from .function_tables import Function
from .functions import Functions
from .settings import (
    IMMEDIATE,
    NOT_SHOWN,
    RUNNING,
    WRITTEN,
    Values,
    initial,
    is_delayed,
    is_peak_shaving,
)

# What the commands of section 6.2 do: address and value to whether it runs
_RUNS = {
    ("45218", 1): True,
    ("45218", 0): False,
    ("80017", 1): True,
    ("80017", 2): False,
    ("80017", 3): True,
    ("80017", 4): True,
    ("40330", 0): True,
    ("40331", 0): False,
    ("40332", 0): True,
}


class Controls:
    """What SEMS+ can change of an inverter; `switches` are for tests.

    `settings` are the values as everybody knows them, `functions` the menus.
    """

    def __init__(
        self,
        sn: str,
        make: str,
        house: House,
        *,
        rated_w: float,
        dialect: Dialect | None,
        arm: str = "",
    ) -> None:
        """Begin with the settings of an installer; no dialect is no battery."""
        self.sn = sn
        self.house = house
        self.rated_w = rated_w
        self.dialect = dialect
        self.arm = arm
        self.switches = ControlSwitches()
        self.functions = Functions(sn, make, battery=dialect is not None)
        self.settings = Setting[Values](initial(dialect, rated_w))
        self.journal = Journal()
        self.written = set(WRITTEN)
        """Addresses of which reads know a value."""
        self.frozen: Values = {}
        """Values that a stale cache goes on showing."""
        self.slot_floor = True
        """`ARMFunction2` bit 11: the cut-off of a discharge slot has an effect."""
        self.export_slots = dialect is not None and not dialect.exclusive
        """`ARMFunction4` bit 12: a discharge slot can limit the export."""
        self.immediate_done = False
        self.slot_done: int | None = None
        self.running_mode = 1
        self._islanded = False
        self._numbers = count()

    # The house

    def attach(self) -> None:
        """Let the house do what the settings say."""
        self.house.policy = self.policy

    def policy(self, local: datetime, state: State) -> Command:
        """Return what the battery does in the next minute."""
        done: Act = act(self, local, state)
        self.running_mode = done.running_mode
        return done.command

    @property
    def stopped(self) -> bool:
        """Whether it was stopped."""
        self.house.advance()
        return not self.settings.active[RUNNING]

    # Writes

    def seconds(self) -> float:
        """Return how long the next write takes."""
        if self.switches.write_seconds is not None:
            return self.switches.write_seconds
        draw = dice(self.house.spec.seed, self.sn, next(self._numbers))
        return 30.0 if draw.random() < 0.3 else draw.uniform(1.0, 1.6)

    def note(self, part: str, asked: Any) -> None:
        """Journal a write that is accepted."""
        self.journal.writes.append(Write(self.house.live().at, part, asked))

    def write_registers(self, changes: Mapping[Function, float]) -> None:
        """Store what functions were set to."""
        wanted: Values = {}
        for function, value in changes.items():
            runs = _RUNS.get((function.address, int(value)))
            if runs is not None:
                wanted[RUNNING] = runs
            if function.address in {"40332", "45221"}:
                wanted[RUNNING] = True
            if function.address not in NOT_SHOWN:
                wanted[function.address] = value
                if self.switches.stores:
                    self.written.add(function.address)
        self.put(wanted)

    def put(self, changes: Values, *, at_once: bool = False) -> None:
        """Store values; the inverter obeys a moment later (`at_once` for the app)."""
        switches = self.switches
        if not switches.stores and not at_once:
            return
        before = self.settings.stored
        if switches.stale_cache:
            for name in changes:
                self.frozen.setdefault(name, before.get(name))
        if changes.get(IMMEDIATE) == 1:
            self.immediate_done = False
        reaction = 0.0 if at_once else switches.reaction_seconds
        self.settings.accept(
            before | changes,
            self.house,
            shown_after=0.0 if at_once else switches.shown_seconds,
            active_after=reaction,
        )
        if not at_once:
            at = self.house.live().at
            for name, value in changes.items():
                self.journal.effect(at, name, before.get(name), value)
        obeyed = self.house.live().at + timedelta(seconds=reaction)
        self.house.call_at(obeyed, self._island)

    def write_as_app(self, changes: Values) -> None:
        """Change settings as the owner does in the portal, without a journal."""
        self.written |= changes.keys()
        self.put(changes, at_once=True)

    def restore(self, values: Values) -> None:
        """Have settings as if it had been so for long, without a journal."""

        def apply() -> None:
            self.settings = Setting(self.settings.stored | values)
            self._island()

        self.house.change(apply)

    def _island(self) -> None:
        """Cut the house from the grid, or give it back what was taken."""
        dialect = self.dialect
        if dialect is None or not self.switches.follows:
            return
        wanted = is_off_grid(self.settings.active, dialect)
        if wanted != self._islanded:
            self._islanded = wanted
            self.house.override(grid=False if wanted else None)

    # Reads

    def register(self, address: str) -> Any:
        """Return what the cloud knows of a register; None if it was never written."""
        self.house.advance()
        if self.switches.clears_cache or address not in self.written:
            return None
        if self.switches.stale_cache and address in self.frozen:
            return self.frozen[address]
        value = self.settings.shown.get(address)
        if address == IMMEDIATE and self.immediate_done:
            return 0
        return value

    @property
    def shown(self) -> Values:
        """What a read of named settings tells."""
        self.house.advance()
        return self.settings.shown

    @property
    def active(self) -> Values:
        """What the inverter goes by."""
        self.house.advance()
        return self.settings.active

    @property
    def writes(self) -> list[Write]:
        """Accepted writes, oldest first."""
        self.house.advance()
        return self.journal.writes

    @property
    def effects(self) -> list[Effect]:
        """What they changed, oldest first."""
        self.house.advance()
        return self.journal.effects

    def document(self) -> dict[str, Any]:
        """Return what `/_sim/goodwe` shows of it, next to its switches."""
        active = self.active
        document: dict[str, Any] = {
            "writes": len(self.journal.writes),
            "effects": len(self.journal.effects),
            "running_mode": self.running_mode,
            "stored": self.settings.stored,
            "active": active,
        }
        if self.dialect is not None:
            document |= {
                "peak_shaving": is_peak_shaving(active),
                "delayed_charge": is_delayed(active),
            }
        return document
