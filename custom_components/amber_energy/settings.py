"""What can be set of a site (reference section 9.4); nothing of it ever reaches Amber.

The local settings stand in the entry's options beside those of the options flow, under
their own keys. A change of one takes effect at once, without a reload.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant

from ._vendor.core.client.decode import flag, integer, number
from .const import (
    BILLING_DAY,
    BILLING_DAY_MAX,
    CONF_BILLING_DAY,
    CONF_HISTORY_DAYS,
    CONF_PRICE_STATISTICS,
    CONF_RENEWABLES_STATES,
    CONF_SPIKE_HOURS,
    HISTORY_DAYS,
    SPIKE_HOURS,
    SPIKE_HOURS_MAX,
)
from .publish import Publishing
from .states import STATES

PRICING_MODE: Final = "pricing_mode"
PUBLISH_MODE: Final = "publish_mode"
CONFIRMATION_TIMEOUT: Final = "confirmation_timeout"
SURCHARGE: Final = "demand_window_surcharge"
FORECAST_HOURS: Final = "forecast_hours"
DAILY_SUPPLY_CHARGE: Final = "daily_supply_charge"
MONTHLY_SUBSCRIPTION: Final = "monthly_subscription"
WEBSOCKET: Final = "websocket"

PRICING_MODES: Final = ("market", "advanced")
PUBLISH_MODES: Final = ("hold", "immediate")

CONFIRMATION_TIMEOUT_MAX: Final = 240
SURCHARGE_MAX: Final = 20.0
FORECAST_HOURS_MAX: Final = 48
CHARGE_MAX: Final = 1000.0

DEFAULTS: Final[Mapping[str, Any]] = {
    PRICING_MODE: "market",
    PUBLISH_MODE: "hold",
    CONFIRMATION_TIMEOUT: 60,
    SURCHARGE: 0.0,
    FORECAST_HOURS: FORECAST_HOURS_MAX,
    DAILY_SUPPLY_CHARGE: 0.0,
    MONTHLY_SUBSCRIPTION: 0.0,
    WEBSOCKET: False,
    CONF_BILLING_DAY: BILLING_DAY,
    CONF_HISTORY_DAYS: HISTORY_DAYS,
    CONF_SPIKE_HOURS: SPIKE_HOURS,
}
_HISTORY_DAYS_MAX = 400


class LocalSettings:
    """A typed view of the entry's options; what makes no sense is the default."""

    def __init__(
        self, hass: HomeAssistant, entry: ConfigEntry[Any], changed: Callable[[], None]
    ) -> None:
        """Share the entry's options.

        ``changed`` is called after each change: it has the prices shown anew.
        """
        self._hass, self._entry = hass, entry
        self._changed = changed
        self._publishing: Publishing | None = None
        self._made_of: object = None

    @property
    def pricing_mode(self) -> str:
        """Which price is shown: ``market`` or ``advanced``."""
        return self._choice(PRICING_MODE, PRICING_MODES)

    @property
    def publish_mode(self) -> str:
        """What is shown of an estimate: ``hold`` (not yet) or ``immediate``."""
        return self._choice(PUBLISH_MODE, PUBLISH_MODES)

    @property
    def confirmation_timeout(self) -> int:
        """After how many seconds an estimate is shown all the same; 0 for never."""
        return self._whole(CONFIRMATION_TIMEOUT, 0, CONFIRMATION_TIMEOUT_MAX)

    @property
    def surcharge(self) -> float:
        """What power costs more inside demand windows, AUD/kWh."""
        return self._amount(SURCHARGE, SURCHARGE_MAX)

    @property
    def forecast_hours(self) -> int:
        """How many hours the lists in attributes reach."""
        return self._whole(FORECAST_HOURS, 1, FORECAST_HOURS_MAX)

    @property
    def daily_supply_charge(self) -> float:
        """What a day costs without any use, AUD."""
        return self._amount(DAILY_SUPPLY_CHARGE, CHARGE_MAX)

    @property
    def monthly_subscription(self) -> float:
        """What a month costs without any use, AUD."""
        return self._amount(MONTHLY_SUBSCRIPTION, CHARGE_MAX)

    @property
    def websocket(self) -> bool:
        """Whether prices are also listened for (reference section 3.7)."""
        return bool(flag(self._entry.options.get(WEBSOCKET)))

    @property
    def spike_hours(self) -> int:
        """How many hours ahead a price spike is told of."""
        return self._whole(CONF_SPIKE_HOURS, 1, SPIKE_HOURS_MAX)

    @property
    def billing_day(self) -> int:
        """On which day of the month a billing cycle begins, 1-28."""
        return self._whole(CONF_BILLING_DAY, 1, BILLING_DAY_MAX)

    @property
    def history_days(self) -> int:
        """How many days of usage are imported once; 0 for none."""
        return self._whole(CONF_HISTORY_DAYS, 0, _HISTORY_DAYS_MAX)

    @property
    def price_statistics(self) -> bool:
        """Whether hourly prices become statistics."""
        return bool(flag(self._entry.options.get(CONF_PRICE_STATISTICS)))

    @property
    def renewables_states(self) -> list[str]:
        """Of which other states the renewables are shown."""
        chosen = self._entry.options.get(CONF_RENEWABLES_STATES)
        return [
            state for state in STATES if isinstance(chosen, list) and state in chosen
        ]

    def publishing(self) -> Publishing:
        """Return what decides which price is shown; it is asked for all the time."""
        if self._publishing is None or self._made_of is not self._entry.options:
            self._made_of = self._entry.options
            self._publishing = Publishing(
                publish_mode=self.publish_mode,
                confirmation_timeout=self.confirmation_timeout,
                pricing_mode=self.pricing_mode,
                surcharge=self.surcharge,
            )
        return self._publishing

    def get(self, key: str) -> Any:
        """Return the setting ``key``."""
        return getattr(self, "surcharge" if key == SURCHARGE else key)

    async def set(self, key: str, value: Any) -> None:
        """Change a setting; what else stands in the options stays."""
        if self.get(key) == value:
            return
        self._hass.config_entries.async_update_entry(
            self._entry, options={**self._entry.options, key: value}
        )
        self._changed()

    def _choice(self, key: str, offered: tuple[str, ...]) -> str:
        chosen = self._entry.options.get(key)
        return str(chosen if chosen in offered else DEFAULTS[key])

    def _whole(self, key: str, low: int, high: int) -> int:
        value = integer(self._entry.options.get(key), low=low, high=high)
        return int(DEFAULTS[key] if value is None else value)

    def _amount(self, key: str, high: float) -> float:
        value = number(self._entry.options.get(key), low=0.0, high=high)
        return float(DEFAULTS[key] if value is None else value)
