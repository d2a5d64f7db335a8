"""Constants of the Growatt integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "growatt_energy"
NAME: Final = "Growatt"
VERSION: Final = "0.1.0"

MODE_TOKEN: Final = "token"
MODE_LOGIN: Final = "login"

CONF_MODE: Final = "mode"
CONF_USER_NAME: Final = "user_name"
CONF_PASSWORD_HASH: Final = "password_hash"
CONF_BASE_URL: Final = "base_url"
CONF_USER_ID: Final = "user_id"
CONF_PLANTS: Final = "plants"
CONF_USER_AGENT: Final = "user_agent"
CONF_REGION: Final = "region"
REGION_AUTOMATIC: Final = "automatic"

# Options of the options flow
CONF_ALLOW_CONTROL: Final = "allow_control"
CONF_POLL_MINUTES: Final = "poll_minutes"
CONF_HISTORY_DAYS: Final = "history_days"
CONF_EXPERIMENTAL: Final = "experimental_periods"

POLL_MINUTES: Final = (5, 10, 15)
HISTORY_MAX_DAYS: Final = 95

# Cadences of the reference's sections 5.4 and 5.5
LIVE_INTERVAL: Final = timedelta(seconds=300)
# Polls do not begin with the records: those come every 5 minutes, a little late.
LIVE_OFFSET: Final = (20, 40)
NOAH_INTERVAL: Final = timedelta(seconds=60)
PLANT_INTERVAL: Final = timedelta(minutes=15)
PLANTS_INTERVAL: Final = timedelta(hours=24)
DEVICES_INTERVAL: Final = timedelta(hours=6)
# Which plant a device belongs to may be asked once in five minutes
PENDING_INTERVAL: Final = timedelta(minutes=6)
SETTINGS_INTERVAL: Final = timedelta(minutes=30)
SETTINGS_AFTER_WRITE: Final = timedelta(minutes=2)
ALARMS_INTERVAL: Final = timedelta(minutes=30)
PANELS_INTERVAL: Final = timedelta(minutes=15)
WIFI_INTERVAL: Final = timedelta(hours=6)

# A record that is older than this is not shown any more.
FRESH: Final = timedelta(minutes=30)
# The same for what a plant does now, which is read more seldom.
PLANT_FRESH: Final = timedelta(minutes=45)
SLOW_MAX_AGE: Final = timedelta(hours=24)
LIST_MAX_AGE: Final = timedelta(days=3)
# A device is gone when so many lists in a row were without it.
MISSING_LISTS: Final = 2
# After a lock the polling is half as often for so long (reference section 5.5).
CAUTION: Final = timedelta(days=7)

# Other integrations that use the same account's requests and logins
OTHER_INTEGRATIONS: Final = {
    "growatt_server": "Growatt (part of Home Assistant)",
}
