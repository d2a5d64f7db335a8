"""Constants of the Sungrow iSolarCloud integration."""

from datetime import timedelta
from typing import Final

DOMAIN: Final = "sungrow_energy"
NAME: Final = "Sungrow iSolarCloud"
MANUFACTURER: Final = "Sungrow"
VERSION: Final = "0.1.0"

MODE_OAUTH: Final = "oauth"
MODE_LOGIN: Final = "login"

CONF_MODE: Final = "mode"
CONF_REGION: Final = "region"
CONF_BASE_URL: Final = "base_url"
CONF_WEB_URL: Final = "web_url"
CONF_APPLICATION_ID: Final = "application_id"
CONF_APP_KEY: Final = "app_key"
CONF_SECRET: Final = "secret"
CONF_PUBLIC_KEY: Final = "public_key"
CONF_PLANTS: Final = "plants"
CONF_AUTH_USER: Final = "auth_user"
CONF_REDIRECT_URI: Final = "redirect_uri"
CONF_TOKEN: Final = "token"
CONF_USER_NAME: Final = "user_name"
CONF_PASSWORD: Final = "password"

# Options of the options flow
CONF_ALLOW_CONTROL: Final = "allow_control"
CONF_POLL_SECONDS: Final = "poll_seconds"
CONF_HISTORY_DAYS: Final = "history_days"

POLL_SECONDS: Final = 300
POLL_SECONDS_MIN: Final = 60
POLL_SECONDS_MAX: Final = 3600
HISTORY_MAX_DAYS: Final = 365

# Cadences of the reference's section 5
LISTS_INTERVAL: Final = timedelta(hours=1)
FAULTS_INTERVAL: Final = timedelta(minutes=30)
# A device uploads every 5 minutes, and the cloud has that a little later.
UPLOAD_INTERVAL: Final = timedelta(seconds=300)
UPLOAD_DELAY: Final = timedelta(seconds=45)

# A record that is older than this is not shown any more.
FRESH: Final = timedelta(minutes=30)
SLOW_MAX_AGE: Final = timedelta(hours=24)
LIST_MAX_AGE: Final = timedelta(days=3)
# A device is gone when so many lists in a row were without it.
MISSING_LISTS: Final = 2
# After answers of "too many requests" the pause doubles up to this.
BACK_OFF: Final = timedelta(hours=1)

# Other integrations that use the same application's requests and refresh tokens
OTHER_INTEGRATIONS: Final = {
    "isolarcloud": "iSolarCloud (bugjam)",
    "sungrow": "Sungrow (KRoperUK)",
    "sungrow_isolarcloud": "Sungrow iSolarCloud (steven-g-w)",
}
