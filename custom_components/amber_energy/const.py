"""Constants of the Amber Electric integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "amber_energy"
NAME: Final = "Amber Electric"

CONF_SITE_ID: Final = "site_id"
CONF_BASE_URL: Final = "base_url"

# Options of the options flow; the local settings have their own keys beside them
CONF_STATE: Final = "state"
CONF_RENEWABLES_STATES: Final = "renewables_states"
CONF_SPIKE_HOURS: Final = "spike_hours"
CONF_BILLING_DAY: Final = "billing_day"
CONF_HISTORY_DAYS: Final = "history_days"
CONF_PRICE_STATISTICS: Final = "price_statistics"

SPIKE_HOURS: Final = 4
SPIKE_HOURS_MAX: Final = 48
BILLING_DAY: Final = 1
BILLING_DAY_MAX: Final = 28
# The documented retention of usage (reference section 7.1)
HISTORY_DAYS: Final = 90

PORTAL_URL: Final = "https://app.amber.com.au"
DEVELOPER_URL: Final = "https://app.amber.com.au/developers"

# Cadences of the reference's sections 5.4 and 3.1
SITES_INTERVAL: Final = timedelta(hours=24)
SITES_MAX_AGE: Final = timedelta(days=3)
# A list that is not older serves a new start: many starts in a row are no burst.
SITES_REUSE: Final = timedelta(minutes=10)
# After a 404, or a list that lacks the site, it is read again that soon.
SITES_AGAIN: Final = timedelta(minutes=10)
# A site is gone when so many lists in a row were without it.
MISSING_LISTS: Final = 2
# How often a site that is not supplied yet is asked for prices
PENDING_INTERVAL: Final = timedelta(minutes=30)

# What bounds a server that sends no headers: below the limit of reference section 5.1
WINDOW: Final = 300.0
REQUEST_LIMIT: Final = 45
RENEWABLES_LIMIT: Final = 12

# Other integrations that use the same account's requests
OTHER_INTEGRATIONS: Final = {
    "amberelectric": "Amber Electric (part of Home Assistant)",
    "amber_express": "Amber Express",
    "amber_express_trader": "Amber Express Trader",
    "amber_websocket": "Amber Websocket",
    "amberelectric_usages": "Amber Electric Usages",
    "amber_energy_dashboard": "Amber Energy Dashboard",
    "amber_balance": "Amber Balance",
    "amber_prices": "Amber Prices",
    "power_sync": "PowerSync",
}
