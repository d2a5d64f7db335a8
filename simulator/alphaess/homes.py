"""The homes that the simulator has unless it is given others."""

from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from ..spec import EvSpec, HouseSpec

type Store = Literal["legacy", "periodic"]

APP_ID = "alpha0123456789abcdef"
APP_SECRET = "0123456789abcdef0123456789abcdef"


@dataclass(slots=True, kw_only=True)
class Charger:
    """A wallbox as the cloud sees it."""

    serial: str
    model: str = "SMILE-EVCT11"
    faulted: bool = False
    follows: bool = True
    """False: start and stop are answered 200 and change nothing."""
    reaction_delay: float = 15.0
    """Seconds until a start or stop is obeyed; 10 to 60 have been seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What is built into one home; `spec` is its physics."""

    serial: str
    check_code: str
    inverter: str
    battery: str | None
    spec: HouseSpec
    store: Store = "legacy"
    live: Literal["full", "null"] = "full"
    charger: str | None = None
    """Serial of the wallbox."""


_SMILE5 = Home(
    serial="AL7011024010101",
    check_code="CHK0101",
    inverter="SMILE5-INV",
    battery="SMILE-BAT-13.3P",
    charger="ALP0110240303",
    spec=HouseSpec(ev=EvSpec()),
)
_T10 = Home(
    serial="ALD0310240202",
    check_code="CHK0202",
    inverter="SMILE-G3-T10-INV",
    battery="SMILE-G3-BAT-4.5S",
    store="periodic",
    spec=HouseSpec(
        pv_peak_w=12_400.0,
        inverter_limit_w=10_000.0,
        battery_capacity_wh=19_200.0,
        max_charge_w=9_600.0,
        max_discharge_w=9_600.0,
        floor_percent=5.0,
        phases=3,
        load_level=1.4,
        import_limit_w=24_000.0,
    ),
)
_STORION = Home(
    serial="AL2002021120404",
    check_code="CHK0404",
    inverter="Storion-S5",
    battery=None,
    live="null",
    spec=HouseSpec(
        pv_peak_w=5_200.0, battery_capacity_wh=9_800.0, max_charge_w=3_000.0
    ),
)
_VT1000 = Home(
    serial="ALV1002025060505",
    check_code="CHK0505",
    inverter="VT1000",
    battery=None,
    spec=HouseSpec(
        pv_peak_w=1_000.0,
        inverter_limit_w=800.0,
        battery_capacity_wh=0.0,
        load_level=0.5,
        import_limit_w=11_000.0,
    ),
)
_KINDS = (_SMILE5, _T10, _STORION, _VT1000)


def default_homes(
    number: int = 2, *, seed: int = 1, time_zone: str = "Europe/Berlin"
) -> list[Home]:
    """Return homes of alternating kinds, each with a seed and serial of its own."""
    homes = []
    for index in range(number):
        lap, kind = divmod(index, len(_KINDS))
        home = _KINDS[kind]
        spec = replace(home.spec, seed=seed + index, zone=ZoneInfo(time_zone))
        if lap:
            home = replace(
                home,
                serial=f"{home.serial[:-2]}{lap + 10:02d}",
                charger=home.charger and f"{home.charger[:-2]}{lap + 10:02d}",
            )
        homes.append(replace(home, spec=spec))
    return homes
