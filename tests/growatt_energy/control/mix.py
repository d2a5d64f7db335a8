"""An SPH or SPA that keeps what it is sent, and a driver on it.

What is sent is understood by the positions of the reference's section 6.4 and 6.5 alone.
"""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from custom_components.growatt_energy._vendor.core.client.budget import Budget
from custom_components.growatt_energy._vendor.core.control.driver import (
    Observation,
    Plan,
    Settings,
)
from custom_components.growatt_energy._vendor.core.control.intent import (
    Intent,
    SetValues,
    Values,
)
from custom_components.growatt_energy.control_sph.period_driver import PeriodDriver
from custom_components.growatt_energy.control_sph.spa_driver import SpaDriver
from custom_components.growatt_energy.control_sph.sph_driver import SphDriver
from tests.core.fake_clock import FakeClock

SERIAL = "ODCDA2500A"
BERLIN = ZoneInfo("Europe/Berlin")
type Raw = dict[str, Any]


def local(text: str) -> datetime:
    """Return a moment in Berlin, aware, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


FRIDAY_NOON = local("2026-11-20 12:02")


def edit(**changes: Any) -> SetValues:
    """Return an intent that sets values by key, with ``__`` for the dot."""
    wanted = {key.replace("__", "."): value for key, value in changes.items()}
    return SetValues(edits=(lambda _: wanted,))


def sph(**changes: Any) -> Raw:
    """Return settings as ``mix_data_info`` has them."""
    return {
        "serialNum": SERIAL,
        "chargePowerCommand": 80,
        "disChargePowerCommand": 90,
        "acChargeEnable": 0,
        "wchargeSOCLowLimit1": 100,
        "wchargeSOCLowLimit2": 85,
        "wdisChargeSOCLowLimit1": 10,
        "wdisChargeSOCLowLimit2": 20,
        **_times("forcedCharge", "forcedChargeStopSwitch", ("1:5", "5:0", 1)),
        **_times("forcedDischarge", "forcedDischargeStopSwitch", ("17:30", "20:0", 1)),
        "exportLimit": 0,
        "exportLimitPowerRate": 0.0,
        "onOff": 1,
        "activeRate": 100,
    } | changes


def spa(**changes: Any) -> Raw:
    """Return settings as ``spa_data_info`` has them."""
    return {
        "serialNum": SERIAL,
        "chargePowerCommand": 80,
        "disChargePowerCommand": 90,
        "wchargeSOCLowLimit1": 100,
        "wchargeSOCLowLimit2": 85,
        "wdisChargeSOCLowLimit1": 10,
        "wdisChargeSOCLowLimit2": 20,
        **_times("forcedCharge", "batFirstSwitch", ("1:5", "5:0", 1)),
        **_times("forcedDischarge", "gridFirstSwitch", ("17:30", "20:0", 1)),
        **{f"loadFirstStartTime{n}": "0:0" for n in (1, 2, 3)},
        **{f"loadFirstStopTime{n}": "0:0" for n in (1, 2, 3)},
        **{f"loadFirstSwitch{n}": 0 for n in (1, 2, 3)},
        "onOff": 1,
        "activePRate": 100,
    } | changes


def _times(part: str, switch: str, first: tuple[str, str, int]) -> Raw:
    found: Raw = {}
    for number, (start, stop, on) in enumerate(
        (first, ("0:0", "0:0", 0), ("0:0", "0:0", 0)), 1
    ):
        found |= {
            f"{part}TimeStart{number}": start,
            f"{part}TimeStop{number}": stop,
            f"{switch}{number}": on,
        }
    return found


_HEADS = {
    "charge": ("chargePowerCommand", "wchargeSOCLowLimit2"),
    "discharge": ("disChargePowerCommand", "wdisChargeSOCLowLimit2"),
    "load_first": (),
}
_TYPES = {
    "mix_ac_charge_time_period": ("charge", "forcedChargeStopSwitch", 18),
    "mix_ac_discharge_time_period": ("discharge", "forcedDischargeStopSwitch", 17),
    "spa_ac_charge_time_period": ("charge", "batFirstSwitch", 17),
    "spa_ac_discharge_time_period": ("discharge", "gridFirstSwitch", 17),
    "spa_load_flast": ("load_first", "loadFirstSwitch", 15),
}
_NAMES = {
    "charge": ("forcedChargeTimeStart", "forcedChargeTimeStop"),
    "discharge": ("forcedDischargeTimeStart", "forcedDischargeTimeStop"),
    "load_first": ("loadFirstStartTime", "loadFirstStopTime"),
}
_SINGLES = {
    "pv_on_off": ("onOff",),
    "pv_active_p_rate": ("activeRate",),
    "backflow_setting": ("exportLimit", "exportLimitPowerRate"),
}


def understood(type_: str, params: Sequence[str], *, mains: bool) -> Raw:
    """Return by read-back names what a write means (6.4, 6.5)."""
    if type_ == "pf_sys_year":
        return {}
    if type_ in _SINGLES:
        names = _SINGLES[type_]
        assert len(params) == len(names)
        return {name: int(one) for name, one in zip(names, params, strict=True)}
    side, switch, count = _TYPES[type_]
    heads = [*_HEADS[side], *(["acChargeEnable"] if mains and side == "charge" else [])]
    if type_ == "spa_ac_charge_time_period" and mains:
        count = 18
    assert len(params) == count
    found: Raw = {name: int(params[at]) for at, name in enumerate(heads)}
    start, stop = _NAMES[side]
    for slot in range(3):
        h1, m1, h2, m2, on = map(int, params[len(heads) + 5 * slot :][:5])
        found |= {
            f"{start}{slot + 1}": f"{h1}:{m1}",
            f"{stop}{slot + 1}": f"{h2}:{m2}",
            f"{switch}{slot + 1}": on,
        }
    return found


class Mix:
    """Stands for the setter and for what reads the settings.

    Attributes:
        raw: What is stored.
        sent: Type and parameters of every write.
        remote: VPP values by number, None if the model has none.
    """

    def __init__(self, raw: Raw, *, padded: bool = False, mains: bool = True) -> None:
        self.raw = deepcopy(raw)
        self.padded, self.vpp = padded, False
        self._mains = mains
        self.sent: list[tuple[str, list[str]]] = []

    async def fetch(self) -> Raw:
        return deepcopy(self.raw)

    def admit(self, family: str, what: str = "set") -> None:
        """Let everything through."""

    async def set(
        self, family: str, serial: str, type_: str, params: Sequence[str]
    ) -> None:
        assert serial == SERIAL
        self.sent.append((type_, list(params)))
        self.raw |= understood(type_, params, mains=self._mains)


class Notes(dict[str, Any]):
    """Notes in memory."""

    def set(self, key: str, value: Any) -> None:
        self[key] = value

    async def save(self) -> None:
        """Nothing is lost here."""


class System:
    """A driver with all that is around it."""

    def __init__(
        self,
        raw: Raw | None = None,
        *,
        spa_device: bool = False,
        padded: bool = False,
        now: datetime = FRIDAY_NOON,
        soc: float | None = 50.0,
        rated: float | None = 6000.0,
        **options: Any,
    ) -> None:
        default = spa() if spa_device else sph()
        mains = not (spa_device and padded)
        self.now = now
        self.mix = Mix(default if raw is None else raw, padded=padded, mains=mains)
        self.clock = FakeClock(auto=True)
        make = SpaDriver if spa_device else SphDriver
        self.driver: PeriodDriver = make(
            SERIAL,
            self.mix,
            fetch=self.mix.fetch,
            on_read=lambda raw, at: None,
            observe=lambda: Observation(at=now, fresh=True, soc=soc),
            zone=BERLIN,
            notes=Notes(),
            clock=self.clock,
            budget=Budget(clock=self.clock),
            rated_power=lambda: rated,
            **options,
        )

    async def read(self) -> Settings:
        return await self.driver.read()

    async def plan(self, intent: Intent) -> Plan:
        return self.driver.plan(intent, await self.read(), self.now)

    async def write(self, changes: Values, *, back: bool = False) -> None:
        """Send what differs, as the manager does; ``back``: as it is put back."""
        settings = await self.read()
        changes = {k: v for k, v in changes.items() if settings.values.get(k) != v}
        if back:
            changes = self.driver.restorable(changes, settings)
        steps: Sequence[Any] = self.driver.steps(changes, settings)
        for step in list(reversed(steps)) if back else steps:
            await self.driver.apply(step, await self.read(), {})

    async def give(self, intent: Intent) -> Plan:
        plan = await self.plan(intent)
        await self.write(plan.target)
        return plan

    def values(self) -> Mapping[str, Any]:
        """Return what the driver makes of what is stored."""
        return self.driver.decode(self.mix.raw, self.now).values
