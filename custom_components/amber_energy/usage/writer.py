"""Writes days of usage into Home Assistant's statistics (reference section 7)."""

from collections.abc import Callable, Mapping

from homeassistant.core import HomeAssistant

from .._vendor.core.ha.statistics import (
    HOUR,
    SumStatistic,
    async_write_hours,
    async_write_means,
)
from ..const import DOMAIN
from ..driver import Channel
from . import targets
from .days import UsageDay


class UsageWriter:
    """Writes the statistics of one site; without a recorder there is nothing to do."""

    def __init__(
        self,
        hass: HomeAssistant,
        site_id: str,
        *,
        name: Callable[[], str],
        with_prices: Callable[[], bool],
    ) -> None:
        """``name`` is the site's; ``with_prices`` whether hourly prices are written."""
        self._hass, self._site_id = hass, site_id
        self._name, self._with_prices = name, with_prices

    @property
    def possible(self) -> bool:
        """Whether there is a recorder."""
        return "recorder" in self._hass.config.components

    def statistics(self, registers: Mapping[str, Channel]) -> dict[str, SumStatistic]:
        """Return what each series of a day becomes."""
        return targets.sums(self._site_id, self._name(), registers)

    async def write(self, usage: UsageDay) -> int:
        """Write a complete day, over what stands; return the number of rows.

        Raises ``HomeAssistantError`` if the recorder did not store it.
        """
        if not self.possible:
            return 0
        registers = {key: day.channel for key, day in usage.registers.items()}
        statistics = self.statistics(registers)
        written = 0
        for key, hours in usage.series().items():
            written += await async_write_hours(
                self._hass, DOMAIN, statistics[key], hours, max(hours) + HOUR
            )
        return written + await self.write_prices(usage)

    async def write_prices(self, usage: UsageDay) -> int:
        """Write what a kWh cost in each hour, if that is wanted."""
        written = 0
        if self.possible and self._with_prices():
            for key, register in usage.registers.items():
                statistic = targets.price(
                    self._site_id, self._name(), key, register.channel
                )
                if register.prices:
                    written += await async_write_means(
                        self._hass, DOMAIN, statistic, register.prices
                    )
        return written
