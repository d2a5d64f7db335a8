"""AlphaESS: solar, battery and EV chargers through the AlphaCloud Open API."""

from datetime import tzinfo
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from ._vendor.core.client.decode import text
from ._vendor.core.ha.account import Account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from ._vendor.core.ha.midnight import async_before_midnight
from ._vendor.core.ha.repairs import watch_other_integrations
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .api.client import DEFAULT_URL, AlphaEssClient
from .connection import async_connect
from .const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_BASE_URL,
    CONF_TIME_ZONE,
    DOMAIN,
    OTHER_INTEGRATIONS,
)
from .issues import clear_all
from .services import async_setup_services

PLATFORMS = [Platform.BINARY_SENSOR, Platform.EVENT, Platform.SENSOR]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: AlphaEssConfigEntry) -> bool:
    """Connect to the account and begin to read."""
    account, client = await _connect(hass, entry)
    account.keep()
    zone = await _time_zone(entry.options.get(CONF_TIME_ZONE))
    entry.runtime_data = runtime = AlphaEssAccount(hass, entry, account, client, zone)
    await runtime.async_start()
    async_before_midnight(hass, entry, zone, runtime.async_read_before_midnight)
    watch_other_integrations(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
    entry.async_on_unload(
        hass.bus.async_listen(
            EVENT_CORE_CONFIG_UPDATE, partial(_home_changed, hass, entry)
        )
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: AlphaEssConfigEntry) -> bool:
    """Stop reading; what the account remembers stays."""
    if entry.disabled_by:
        clear_all(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: AlphaEssConfigEntry) -> None:
    """Forget the systems; the request budget stays, so that a new entry is no burst."""
    clear_all(hass, entry)
    if (app_id := text(entry.data.get(CONF_APP_ID))) is None:
        return
    account, _ = await async_connect(hass, app_id, "")
    account.keep()
    account.forget()
    await account.async_save()
    account.leave()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: AlphaEssConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let a device be deleted that the account has no more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    serials = {value for domain, value in device.identifiers if domain == DOMAIN}
    return not serials & entry.runtime_data.device_serials


async def _connect(
    hass: HomeAssistant, entry: AlphaEssConfigEntry
) -> tuple[Account, AlphaEssClient]:
    """Connect with what the entry holds; it may be damaged."""
    app_id, app_secret = (
        text(entry.data.get(key)) for key in (CONF_APP_ID, CONF_APP_SECRET)
    )
    if app_id is None or app_secret is None:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    try:
        base_url = server_url(text(entry.data.get(CONF_BASE_URL)), DEFAULT_URL)
    except InvalidServerUrl as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_server_url"
        ) from err
    return await async_connect(hass, app_id, app_secret, base_url)


async def _time_zone(name: object) -> tzinfo:
    """Return the zone of the option; that of Home Assistant if there is none."""
    if (key := text(name)) is not None:
        try:
            zone = await dt_util.async_get_time_zone(key)
        except ValueError:  # a path instead of a name
            zone = None
        if zone is not None:
            return zone
    return dt_util.get_default_time_zone()


@callback
def _home_changed(
    hass: HomeAssistant, entry: AlphaEssConfigEntry, event: Event[Any]
) -> None:
    """Begin anew when days begin at another time."""
    if "time_zone" in event.data and not entry.options.get(CONF_TIME_ZONE):
        hass.config_entries.async_schedule_reload(entry.entry_id)
