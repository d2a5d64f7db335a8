"""What a force or hold is told when nobody says: the numbers beside *Battery mode*."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..control.driver import Capabilities
from ..control.intent import ForceCharge, ForceDischarge, Hold, HoldBlock, Kind, Timed

DEFAULT_MINUTES = 60

# Of what can be held, the first one is meant
_BLOCKS = (HoldBlock.DISCHARGE, HoldBlock.BOTH, HoldBlock.CHARGE)


@dataclass(slots=True)
class ForceDefaults:
    """Minutes, W, percent; None leaves it to the device."""

    minutes: int = DEFAULT_MINUTES
    power: float | None = None
    target_soc: float | None = None
    block: HoldBlock | None = None

    def intent(self, kind: Kind, capabilities: Capabilities, now: datetime) -> Timed:
        """Return the force, or else the hold, that a hand selects."""
        until = now + self.duration
        if kind is Kind.FORCE_CHARGE or kind is Kind.FORCE_DISCHARGE:
            force = ForceCharge if kind is Kind.FORCE_CHARGE else ForceDischarge
            power = self.power if capabilities.power is not None else None
            return force(until=until, power=power, target_soc=self.target_soc)
        return Hold(until=until, block=self.hold_block(capabilities.blocks))

    @property
    def duration(self) -> timedelta:
        """How long a force lasts."""
        return timedelta(minutes=self.minutes)

    def hold_block(self, able: Collection[HoldBlock]) -> HoldBlock:
        """Return what a hold blocks, as far as the device is able to."""
        if self.block is not None and self.block in able:
            return self.block
        return default_block(able)


def default_block(able: Collection[HoldBlock]) -> HoldBlock:
    """Return what "hold" means where nobody says more."""
    return next((block for block in _BLOCKS if block in able), HoldBlock.DISCHARGE)


@callback
def force_defaults(hass: HomeAssistant, domain: str, key: str) -> ForceDefaults:
    """Return the defaults of one device; they outlive a reload of its entry."""
    all_key: HassKey[dict[str, ForceDefaults]] = HassKey(f"{domain}.force_defaults")
    return hass.data.setdefault(all_key, {}).setdefault(key, ForceDefaults())
