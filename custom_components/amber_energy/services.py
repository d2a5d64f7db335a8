"""The actions of the integration: their names, fields and who may call them."""

from typing import Any

from homeassistant.core import HomeAssistant, SupportsResponse, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import verify_domain_control
import probatio

from ._vendor.core.ha.actions import SHORT_TEXT
from .const import DOMAIN
from .driver import Channel, PricingMode
from .price_actions import (
    ATTR_CHANNEL,
    ATTR_CONFIG_ENTRY,
    MOST_INTERVALS,
    find_price_block,
    get_forecasts,
    get_prices,
    get_renewables,
)
from .states import STATES
from .usage_services import async_register_usage

GET_FORECASTS = "get_forecasts"
GET_PRICES = "get_prices"
FIND_BLOCK = "find_block"
GET_RENEWABLES = "get_renewables"

BLOCK_MODES = ("cheapest", "dearest")
# The forecast reaches two days at most (reference section 3.2).
_MOST_HOURS = 48

_ENTRY = {probatio.Required(ATTR_CONFIG_ENTRY): SHORT_TEXT}
_ONE_CHANNEL = probatio.In([channel.value for channel in Channel])
_PRICE = {
    probatio.Optional("price", default=PricingMode.MARKET.value): probatio.In(
        [mode.value for mode in PricingMode]
    )
}
_COUNT = probatio.All(
    probatio.Coerce(int), probatio.Range(min=0, max=MOST_INTERVALS - 1)
)
_RESOLUTION = {
    probatio.Optional("resolution"): probatio.All(
        probatio.Coerce(int), probatio.In([5, 30])
    )
}
_COUNTS = {probatio.Optional("previous"): _COUNT, probatio.Optional("next"): _COUNT}
_HOURS = probatio.All(
    probatio.Coerce(float),
    probatio.Range(min=0, min_included=False, max=_MOST_HOURS),
)

SCHEMAS = {
    GET_FORECASTS: probatio.Schema(
        {
            **_ENTRY,
            probatio.Required(ATTR_CHANNEL): _ONE_CHANNEL,
            **_COUNTS,
            **_RESOLUTION,
            probatio.Optional("hours"): _HOURS,
            probatio.Optional("include_current", default=False): cv.boolean,
            **_PRICE,
        }
    ),
    GET_PRICES: probatio.Schema(
        {
            **_ENTRY,
            probatio.Optional(ATTR_CHANNEL): _ONE_CHANNEL,
            probatio.Required("start"): cv.date,
            probatio.Required("end"): cv.date,
            **_RESOLUTION,
        }
    ),
    FIND_BLOCK: probatio.Schema(
        {
            **_ENTRY,
            probatio.Required(ATTR_CHANNEL): _ONE_CHANNEL,
            probatio.Required("hours"): _HOURS,
            probatio.Optional("mode", default=BLOCK_MODES[0]): probatio.In(BLOCK_MODES),
            probatio.Optional("latest_end"): cv.datetime,
            **_PRICE,
        }
    ),
    GET_RENEWABLES: probatio.Schema(
        {
            probatio.Optional(ATTR_CONFIG_ENTRY): SHORT_TEXT,
            probatio.Required("state"): probatio.In(STATES),
            **_COUNTS,
            **_RESOLUTION,
        }
    ),
}


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; whoever may control the entities may call them."""
    control = verify_domain_control(DOMAIN)
    actions: dict[str, Any] = {
        GET_FORECASTS: get_forecasts,
        GET_PRICES: get_prices,
        FIND_BLOCK: find_price_block,
        GET_RENEWABLES: get_renewables,
    }
    for name, action in actions.items():
        hass.services.async_register(
            DOMAIN, name, control(action), SCHEMAS[name], SupportsResponse.ONLY
        )
    async_register_usage(hass)
