"""What a simulated house consists of."""

from dataclasses import dataclass, field
import math
from zoneinfo import ZoneInfo

from .calendar import standard_offset_hours

_ZONE = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvSpec:
    """A wallbox and the habits of the car on it."""

    power_w: float = 11_000.0
    evenings: float = 0.6
    """Share of the evenings on which the car is plugged in."""
    auto_start: bool = True
    """Whether charging begins by itself when the car is plugged in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseSpec:
    """One house: powers in W (AC side), energies in Wh, shares in percent 0-100.

    Two equal specs describe the same house: same weather, load and past.
    """

    seed: int = 1
    zone: ZoneInfo = _ZONE
    latitude: float = 48.0
    longitude: float | None = None
    """Degrees east; None puts the house in the middle of its time zone."""
    pv_peak_w: float = 8_200.0
    strings: int = 2
    inverter_limit_w: float = 5_000.0
    """Most that solar and battery together can put out (or take in) on the AC side."""
    battery_capacity_wh: float = 13_340.0
    """0 is a house without a battery."""
    max_charge_w: float = 5_000.0
    max_discharge_w: float = 5_000.0
    round_trip_efficiency: float = 0.9
    floor_percent: float = 10.0
    """State of charge below which the battery never gives anything."""
    standby_w: float = 0.0
    """What the battery's electronics take while it stands still on the grid."""
    phases: int = 1
    load_level: float = 1.0
    """1.0 is a household of roughly 10 kWh a day without a car."""
    import_limit_w: float = 17_000.0
    """House connection; charging of battery and car keeps below it."""
    ev: EvSpec | None = None

    one_way_efficiency: float = field(init=False, compare=False)
    floor_wh: float = field(init=False, compare=False)
    solar_longitude: float = field(init=False, compare=False)

    def __post_init__(self) -> None:
        """Check the numbers and derive what the balance needs often."""
        if self.phases not in {1, 3} or not 1 <= self.strings <= 4:
            raise ValueError("a house has 1 or 3 phases and 1 to 4 strings")
        if not 0 < self.round_trip_efficiency <= 1:
            raise ValueError("round_trip_efficiency is in (0, 1]")
        if not 0 <= self.floor_percent <= 100:
            raise ValueError("floor_percent is in 0-100")
        if (
            min(
                self.pv_peak_w,
                self.inverter_limit_w,
                self.battery_capacity_wh,
                self.max_charge_w,
                self.max_discharge_w,
                self.standby_w,
                self.load_level,
                self.import_limit_w,
            )
            < 0
        ):
            raise ValueError("powers, energies and levels are not negative")
        longitude = self.longitude
        if longitude is None:
            longitude = 15.0 * standard_offset_hours(self.zone)
        derive = object.__setattr__
        derive(self, "one_way_efficiency", math.sqrt(self.round_trip_efficiency))
        derive(self, "floor_wh", self.battery_capacity_wh * self.floor_percent / 100)
        derive(self, "solar_longitude", longitude)

    @property
    def string_shares(self) -> tuple[float, ...]:
        """Share of the solar power per string; the sum is 1."""
        return {
            1: (1.0,),
            2: (0.55, 0.45),
            3: (0.4, 0.35, 0.25),
            4: (0.3, 0.28, 0.22, 0.2),
        }[self.strings]
