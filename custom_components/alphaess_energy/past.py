"""Where the import of a system's past gets its days, and where they go."""

from collections.abc import Mapping
from datetime import date, tzinfo

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util import slugify

from . import driver
from ._vendor.core.client.clock import Clock
from ._vendor.core.ha.history_import import Hours
from ._vendor.core.ha.statistics import EnergyStatistic
from ._vendor.core.model import Site
from .api.client import AlphaEssClient
from .api.models import DateEnergy, power_records
from .const import DOMAIN, NAME
from .history import hourly

# Seconds between two requests. The vendor asks for 10, which a long import keeps; a
# fortnight is over in a minute at the pace of any start, and people wait for it.
SHORT_GAP = 1.0
LONG_GAP = 10.0
SHORT_DAYS = 14

# Statistic -> the live sensor that goes on with it
_STATISTICS = {
    "solar": "solar_energy_today",
    "import": "import_energy_today",
    "export": "export_energy_today",
    "battery_charge": "battery_charge_energy_today",
    "battery_discharge": "battery_discharge_energy_today",
    "load": "load_energy_today",
    "ev": "ev_energy_today",
}


def gap(days: int) -> float:
    """Return the seconds between two requests of an import of so many days."""
    return SHORT_GAP if days <= SHORT_DAYS else LONG_GAP


class PastSource:
    """Reads past days of one system (reference section 7)."""

    def __init__(
        self,
        hass: HomeAssistant,
        site: Site,
        client: AlphaEssClient,
        clock: Clock,
        zone: tzinfo,
    ) -> None:
        """Prepare; nothing is read yet."""
        self._hass, self._site, self._client = hass, site, client
        self._clock, self._zone = clock, zone

    async def read_day(self, day: date, seconds: float) -> Mapping[str, Hours] | None:
        """Return a day's energy by hour, None if the vendor knows nothing of it.

        Each request comes ``seconds`` after what was before it.
        """
        await self._clock.sleep(seconds)
        raw = await self._client.day_energy(self._site.serial, day)
        driver.check_serial(raw, self._site.serial)
        energy = DateEnergy.from_wire(raw)
        if energy.blank:
            return None
        await self._clock.sleep(seconds)
        records = await self._client.day_power(self._site.serial, day)
        driver.check_serial(records, self._site.serial)
        now = self._clock.now()
        return hourly(
            power_records(records),
            energy,
            driver.day_energy(raw, now, day).load,
            day=day,
            zone=self._zone,
            capacity=self._site.battery_capacity,
            now=now,
        )

    @callback
    def statistics(self) -> dict[str, EnergyStatistic]:
        """Return what each series of a day becomes."""
        entities = er.async_get(self._hass)
        model = self._site.model or NAME
        serial = self._site.serial
        return {
            key: EnergyStatistic(
                statistic_id=f"{DOMAIN}:{slugify(serial)}_{key}_energy",
                name=f"{NAME} {model} {serial[-4:]} {key.replace('_', ' ')}",
                live_entity=entities.async_get_entity_id(
                    "sensor", DOMAIN, f"{serial}_{sensor}"
                ),
            )
            for key, sensor in _STATISTICS.items()
        }
