"""Constants of the GoodWe SEMS+ integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "goodwe_energy"
NAME: Final = "GoodWe SEMS+"
MANUFACTURER: Final = "GoodWe"
VERSION: Final = "0.1.0"
PORTAL_URL: Final = "https://semsplus.goodwe.com/"

CONF_ACCOUNT: Final = "account"
CONF_PASSWORD: Final = "password"
CONF_REGION: Final = "region"
CONF_SERVER: Final = "server"
CONF_PLANTS: Final = "plants"

REGION_AUTO: Final = "auto"
REGIONS: Final = (REGION_AUTO, "eu", "au", "us", "hk", "cn")

# Options of the options flow
CONF_ALLOW_CONTROL: Final = "allow_control"
CONF_LIVE: Final = "live"
CONF_POLL_SECONDS: Final = "poll_seconds"
CONF_HISTORY_DAYS: Final = "history_days"

POLL_SECONDS: Final = 60
POLL_SECONDS_MIN: Final = 30
POLL_SECONDS_MAX: Final = 3600
HISTORY_MAX_DAYS: Final = 366

# Cadences of the reference's section 5
FLOW_INTERVAL: Final = timedelta(seconds=60)
FLOW_INTERVAL_PUSHED: Final = timedelta(seconds=120)
DEVICES_INTERVAL: Final = timedelta(seconds=300)
TELEMETRY_INTERVAL: Final = timedelta(seconds=120)
COUNTERS_INTERVAL: Final = timedelta(seconds=300)
TODAY_INTERVAL: Final = timedelta(seconds=300)
INCOME_INTERVAL: Final = timedelta(seconds=1800)
LIFETIME_INTERVAL: Final = timedelta(seconds=1800)
INFO_INTERVAL: Final = timedelta(seconds=600)
ALARM_COUNTS_INTERVAL: Final = timedelta(seconds=600)
ALARMS_INTERVAL: Final = timedelta(seconds=3600)
STATIC_INTERVAL: Final = timedelta(hours=6)
PLANTS_INTERVAL: Final = timedelta(seconds=3600)
CHARGER_INTERVAL: Final = timedelta(seconds=300)
CHARGER_INTERVAL_PLUGGED: Final = timedelta(seconds=60)

# Data that are older than this are not shown any more while the plant is awake (10.17).
FRESH: Final = timedelta(minutes=60)
# People are told of data that are older than this.
STALE: Final = timedelta(hours=24)
SLOW_MAX_AGE: Final = timedelta(hours=24)
LIST_MAX_AGE: Final = timedelta(days=3)
# A device is gone when so many lists in a row were without it.
MISSING_LISTS: Final = 3
# After failures in a row the pause doubles up to this.
BACK_OFF: Final = timedelta(minutes=30)
# People hear of a pause that the vendor asked for when it goes on for so long.
LIMITED_FOR: Final = timedelta(hours=1)

# Other integrations that log in to the same account, or read the same inverters (1)
OTHER_INTEGRATIONS: Final = {
    "sems": "SEMS Portal",
    "sems_plus": "SEMS Plus",
    "sems_au": "SEMS AU",
    "goodwe_semsplus": "GoodWe SEMS+ (community)",
    "sems_wallbox": "SEMS Wallbox",
    "goodwe_local_sems_bridge": "GoodWe Local SEMS Bridge",
}
