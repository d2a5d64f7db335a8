"""Constants of the AlphaESS integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "alphaess_energy"
NAME: Final = "AlphaESS"

CONF_APP_ID: Final = "app_id"
CONF_APP_SECRET: Final = "app_secret"
CONF_BASE_URL: Final = "base_url"
CONF_LIVE_INTERVAL: Final = "live_interval"
CONF_TIME_ZONE: Final = "time_zone"
CONF_HISTORY_DAYS: Final = "history_days"
CONF_ALLOW_CONTROL: Final = "allow_control"
CONF_ASSUME_ENABLED: Final = "assume_enabled"

PORTAL_URL: Final = "https://open.alphaess.com"

# Cadences of the reference's section 5
LIVE_INTERVAL: Final = 60
LIVE_INTERVAL_MIN: Final = 10
LIVE_INTERVAL_MAX: Final = 300
RECORDS_INTERVAL: Final = timedelta(minutes=5)
ENERGY_INTERVAL: Final = timedelta(minutes=5)
SUMMARY_INTERVAL: Final = timedelta(minutes=15)
SITES_INTERVAL: Final = timedelta(minutes=15)
SETTINGS_INTERVAL: Final = timedelta(minutes=10)
CHARGER_INTERVAL: Final = timedelta(seconds=60)
CHARGERS_INTERVAL: Final = timedelta(hours=24)
# A list that lacks a charger is asked for again soon.
CHARGERS_AGAIN: Final = timedelta(minutes=10)
# A device is gone when so many lists in a row were without it.
MISSING_LISTS: Final = 2
HOUSEHOLD_INTERVAL: Final = timedelta(minutes=15)

# Live values are hidden after three missed polls, what was counted today an hour after
# midnight; the rest stays for a day.
GRACE: Final = timedelta(seconds=15)
SLOW_MAX_AGE: Final = timedelta(hours=24)
NEW_DAY_GRACE: Final = timedelta(hours=1)
CHARGERS_MAX_AGE: Final = timedelta(hours=72)

# A request each second at most. The vendor names no quota; the hourly limit only keeps
# some room for writes when very many systems are read very often.
MIN_GAP: Final = 1.0
HOURLY_LIMIT: Final = 3400
WRITE_RESERVE: Final = 60

HISTORY_MAX_DAYS: Final = 731

# Other integrations that poll the same account
OTHER_INTEGRATIONS: Final = {"alphaess": "AlphaESS (community integration)"}
