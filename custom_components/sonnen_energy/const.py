"""Constants of the sonnenBatterie integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "sonnen_energy"
NAME: Final = "sonnenBatterie"
MANUFACTURER: Final = "sonnen"

CONF_HTTPS: Final = "https"
CONF_SERIAL: Final = "serial"
CONF_MAC: Final = "mac"
# What the unique ids begin with, where that is not the serial
CONF_KEY: Final = "key"
CONF_ALLOW_CONTROL: Final = "allow_control"
CONF_LIVE_INTERVAL: Final = "live_interval"

DEFAULT_PORT: Final = 80
# What stands for it where https is switched on
HTTPS_PORT: Final = 443
FIND_URL: Final = "https://find-my.sonnen-batterie.com"

# Cadences of the reference's section 5
LIVE_INTERVAL: Final = 10
LIVE_INTERVAL_MIN: Final = 10
# Nobody is forced on what is older than 30 s, and answers take their time.
LIVE_INTERVAL_MAX: Final = 20
DETAIL_INTERVAL: Final = timedelta(seconds=30)
SLOW_INTERVAL: Final = timedelta(seconds=60)
CONFIGURATION_INTERVAL: Final = timedelta(seconds=60)
IO_INTERVAL: Final = timedelta(seconds=300)

# Live values are hidden when they are older; all else goes with them.
LIVE_MAX_AGE: Final = timedelta(seconds=60)
GRACE: Final = timedelta(seconds=15)
# A battery that does not answer is mostly restarting: what is forced has to be asserted
# again soon, so the pauses stay short (section 4; quirk 21 is about refused tokens,
# which are not tried again at all).
BACK_OFF: Final = timedelta(seconds=30)
# The configuration is read at once when the status differs, but not more often.
CONFIGURATION_GAP: Final = timedelta(seconds=8)

# The cadences make at most 792 requests an hour; the limit is there for what goes wrong,
# and keeps room for writes with their reading back.
MIN_GAP: Final = 0.05
HOURLY_LIMIT: Final = 1600
WRITE_RESERVE: Final = 400

# Other integrations that poll the same battery
OTHER_INTEGRATIONS: Final = {
    "sonnenbackup": "SonnenBackup",
    "sonnenbatterie": "sonnenbatterie (community integration)",
}
