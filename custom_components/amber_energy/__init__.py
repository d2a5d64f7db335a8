"""Amber Electric: prices seconds after they exist, forecasts, usage and cost."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from ._vendor.core.ha.left_setup import again_if_left
from ._vendor.core.ha.repairs import watch_other_integrations
from ._vendor.core.ha.turns import async_forward
from .connection import async_connect_entry
from .const import DOMAIN, OTHER_INTEGRATIONS
from .issues import clear_all
from .memory import async_adopt, async_forget
from .services import async_setup_services
from .site import AmberConfigEntry, AmberSite

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions."""
    async_setup_services(hass)
    return True


@again_if_left
async def async_setup_entry(hass: HomeAssistant, entry: AmberConfigEntry) -> bool:
    """Connect to the account and begin to read."""
    connection = await async_connect_entry(hass, entry)
    connection.account.keep()
    await async_adopt(hass, entry, connection)
    site = AmberSite(hass, entry, connection)
    entry.runtime_data = site
    await site.async_start()
    watch_other_integrations(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
    await async_forward(hass, entry, PLATFORMS)
    await site.async_begin_usage()
    return True


async def async_unload_entry(hass: HomeAssistant, entry: AmberConfigEntry) -> bool:
    """Stop reading; what the site remembers stays."""
    if entry.disabled_by:
        clear_all(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: AmberConfigEntry) -> None:
    """Forget the site; its statistics stay, and so does the request budget.

    A new entry of the same token is then no burst.
    """
    clear_all(hass, entry)
    try:
        connection = await async_connect_entry(hass, entry)
    except ConfigEntryAuthFailed, ConfigEntryError:
        return
    await async_forget(hass, entry, connection)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: AmberConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let a device be deleted that the entry has no more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    serials = {value for domain, value in device.identifiers if domain == DOMAIN}
    return not serials & entry.runtime_data.device_serials
