"""One wallbox of the HCA series over the house's car (reference 3.14 and 6.5)."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, Literal

from ..energy import SLOT_MINUTES
from ..engine import CarLimit
from ..house import House
from ..journal import Effect, Journal, Write
from ..noise import dice
from .charge_sessions import PAUSE, ChargeSession, sessions, since
from .control_switches import ChargerSwitches

FAST, SUN, SUN_AND_BATTERY = 0, 1, 2
type Plug = Literal["free", "plugged", "charging", "paused", "finished"]

# A car does not charge with less
_LEAST_W = 1_380.0


class Charger:
    """What a wallbox keeps; `switches` are for tests."""

    def __init__(self, sn: str, house: House, *, rated_w: float) -> None:
        """Begin in fast mode with all its power."""
        self.sn = sn
        self.house = house
        self.rated_w = rated_w
        self.switches = ChargerSwitches()
        self.journal = Journal()
        self.mode = FAST
        self.power_kw = rated_w / 1000
        self._numbers = count()
        self._stopped_by_hand = False

    # Writes

    def seconds(self, low: float, high: float) -> float:
        """Return a time of that range, another one each time."""
        draw = dice(self.house.spec.seed, self.sn, next(self._numbers))
        return draw.uniform(low, high)

    def set_mode(self, mode: int, powers: tuple[Any, Any]) -> None:
        """Take a new mode; what the reference calls ignored is ignored."""
        self._note("mode", {"mode": mode, "powers": list(powers)})
        setted, most = powers
        if mode == FAST:
            if not isinstance(setted, int | float) or setted != most:
                return
            self._later(FAST, min(float(setted), self.rated_w / 1000))
        elif powers == (None, None):
            self._later(mode, self.power_kw)
        else:
            # With a power it falls back to fast
            self._later(FAST, self.power_kw)

    def _later(self, mode: int, power_kw: float) -> None:
        before = self.mode, self.power_kw

        def obey() -> None:
            self._become(mode, power_kw)
            if self.switches.reverts_after is not None and mode != before[0]:
                back = self.house.live().at + timedelta(
                    seconds=self.switches.reverts_after
                )
                self.house.call_at(back, lambda: self._become(*before))

        self._when_it_obeys(obey)

    def _become(self, mode: int, power_kw: float) -> None:
        self.journal.effect(
            self.house.live().at,
            "charger",
            {"mode": self.mode, "power": self.power_kw},
            {"mode": mode, "power": power_kw},
        )
        self.mode, self.power_kw = mode, power_kw
        self.house.set_car_limit(self._limit())

    def _limit(self) -> CarLimit:
        watts = self.power_kw * 1000
        extra = {
            SUN: 0.0,
            SUN_AND_BATTERY: self.house.spec.max_discharge_w,
        }
        if self.mode == FAST:
            return lambda _pv_w, _load_w: watts
        more = extra[self.mode]

        def spare(pv_w: float, load_w: float) -> float:
            free_w = max(pv_w - load_w, 0.0) + more
            return free_w if free_w >= _LEAST_W else 0.0

        return spare

    def start_or_stop(self, *, start: bool) -> None:
        """Begin or end charging."""
        self._note("charging", start)

        def obey() -> None:
            before = self.house.car_enabled
            self._stopped_by_hand = not start
            self.house.set_car_enabled(enabled=start)
            self.journal.effect(
                self.house.live().at, "charging", before, self.house.car_enabled
            )

        self._when_it_obeys(obey)

    def _note(self, part: str, asked: Any) -> None:
        self.journal.writes.append(Write(self.house.live().at, part, asked))

    def _when_it_obeys(self, obey: Callable[[], None]) -> None:
        if not self.switches.follows:
            return
        seconds = self.switches.shown_seconds
        if seconds is None:
            seconds = self.seconds(60, 90)
        self.house.call_at(self.house.live().at + timedelta(seconds=seconds), obey)

    # What is seen

    @property
    def plug(self) -> Plug:
        """How the car is."""
        car = self.house.live().car
        if not car.plugged:
            return "free"
        if car.power_w > 0:
            return "charging"
        if car.wanted_wh <= 0:
            return "finished"
        return "paused" if self._stopped_by_hand or car.enabled else "plugged"

    def session(self) -> ChargeSession | None:
        """Return the last session up to now; None if there was none in two days."""
        today = self.house.today()
        found = sessions(self.house, today - timedelta(days=1), today)
        now = self.house.live().at
        minute = now.minute - now.minute % SLOT_MINUTES
        slot = now.replace(minute=minute, second=0, microsecond=0)
        if found and now - found[-1].end < PAUSE:
            start, end, solar_wh = found[-1].start, found[-1].end, found[-1].solar_wh
        elif since(self.house, slot):
            start, end, solar_wh = slot, now, 0.0
        else:
            return found[-1] if found else None
        end = now if self.plug == "charging" else end
        return ChargeSession(start, end, since(self.house, start), solar_wh)

    def finished(self, days: int) -> list[ChargeSession]:
        """Return the sessions of the last days that are over, newest first."""
        today = self.house.today()
        found = sessions(self.house, today - timedelta(days=days), today)
        if found and self.house.live().at - found[-1].end < PAUSE:
            found.pop()
        return found[::-1]

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
        self.house.advance()
        return {
            "mode": self.mode,
            "power_kw": self.power_kw,
            "plug": self.plug,
            "writes": len(self.journal.writes),
            "effects": len(self.journal.effects),
        }
