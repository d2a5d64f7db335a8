"""The batteries that the simulator has unless it is given others."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from ..spec import HouseSpec

TOKEN = "11111111-2222-3333-4444-555555555555"

NOMINAL_V = 102.4
RESERVE_PERCENT = 7.0
"""Hidden reserve of the real state of charge: USOC is 0 there (3.9.1)."""
STANDBY_W = 22.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """What is built into one home with its battery; `spec` is its physics."""

    serial: str
    token: str
    spec: HouseSpec
    modules: int = 2
    module_capacity_wh: int = 5500
    """Nominal, as it is marketed."""
    module_v: float = NOMINAL_V
    in_series: bool = True
    """False: a 48 V system, whose modules are side by side (eco 8)."""
    power_w: int = 4600
    """Most that the battery's inverter gives and takes."""
    software: str = "1.25.6"
    extra: dict[str, str] = field(default_factory=dict)
    """Configuration keys beyond those that every battery has."""
    variant: str = "current"
    """How the firmware answers: see `variants`."""

    @property
    def capacity_ah(self) -> float:
        """Full capacity referred to the voltage of one module (3.9.2)."""
        return self.spec.battery_capacity_wh / self.module_v

    @property
    def stack_v(self) -> float:
        """Nominal voltage of the whole battery."""
        return self.module_v * (self.modules if self.in_series else 1)


def _spec(**changes: float) -> HouseSpec:
    # The sun has an inverter of its own: only the battery's own powers limit it
    spec = HouseSpec(
        inverter_limit_w=20_000.0,
        battery_capacity_wh=10_240.0,
        max_charge_w=4_600.0,
        max_discharge_w=4_600.0,
        floor_percent=RESERVE_PERCENT,
        standby_w=STANDBY_W,
        strings=1,
    )
    return replace(spec, **changes)  # type: ignore[arg-type]


_TEN = Home(serial="123456", token=TOKEN, spec=_spec())
_LARGE = Home(
    serial="234567",
    token="22222222-3333-4444-5555-666666666666",
    spec=_spec(
        pv_peak_w=12_400.0, battery_capacity_wh=20_480.0, phases=3, load_level=1.4
    ),
    modules=4,
)
_ECO = Home(
    serial="67890",
    token="33333333-4444-5555-6666-777777777777",
    spec=_spec(
        pv_peak_w=5_200.0,
        battery_capacity_wh=10_240.0,
        max_charge_w=3_300.0,
        max_discharge_w=3_300.0,
    ),
    modules=5,
    module_capacity_wh=2000,
    module_v=51.2,
    in_series=False,
    power_w=3300,
    software="1.8.3",
    variant="old",
)
_KINDS = (_TEN, _LARGE, _ECO)


def default_homes(
    number: int = 1, *, seed: int = 1, time_zone: str = "Europe/Berlin"
) -> list[Home]:
    """Return homes of alternating kinds, each with a seed, serial and token of its own."""
    homes = []
    for index in range(number):
        lap, kind = divmod(index, len(_KINDS))
        home = _KINDS[kind]
        spec = replace(home.spec, seed=seed + index, zone=ZoneInfo(time_zone))
        if lap:
            home = replace(
                home,
                serial=f"{int(home.serial) + lap}",
                token=f"{home.token[:-2]}{lap:02d}",
            )
        homes.append(replace(home, spec=spec))
    return homes
