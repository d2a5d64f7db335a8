"""Growatt: inverters and batteries of every family through the Growatt cloud."""

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
from .control import Controls, async_center
from .issues import clear_all
from .memory import async_adopt, async_forget
from .runtime import GrowattConfigEntry, GrowattRuntime
from .services import async_setup_services

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
    Platform.TIME,
]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and see to what was leased."""
    async_setup_services(hass)
    await async_center(hass)
    return True


@again_if_left
async def async_setup_entry(hass: HomeAssistant, entry: GrowattConfigEntry) -> bool:
    """Connect to the account and begin to read."""
    connection = await async_connect_entry(hass, entry)
    connection.account.keep()
    await async_adopt(hass, entry, connection)
    runtime = GrowattRuntime(hass, entry, connection)
    center = await async_center(hass)
    runtime.controls = Controls(hass, runtime, center)
    entry.runtime_data = runtime
    # What is leased is put back also while the readings cannot be set up.
    await runtime.controls.async_resume()
    await runtime.async_start()
    watch_other_integrations(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
    await async_forward(hass, entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: GrowattConfigEntry) -> bool:
    """Stop reading; what the account remembers stays, and what is leased."""
    center = await async_center(hass)
    if entry.disabled_by:
        clear_all(hass, entry)
        await center.async_end(entry, "disabled")
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await center.async_close(entry.entry_id, but_leased=bool(entry.disabled_by))
    # A write that was on its way wanted a look at the settings
    entry.runtime_data.async_stop()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: GrowattConfigEntry) -> None:
    """Forget the devices; the budget and a lock stay, so that a new entry is no burst.

    So does what is needed to end a force that could not be ended.
    """
    clear_all(hass, entry)
    center = await async_center(hass)
    await center.async_remove(entry)
    try:
        connection = await async_connect_entry(hass, entry)
    except ConfigEntryAuthFailed, ConfigEntryError:
        return
    await async_forget(hass, entry, connection)


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: GrowattConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let a device be deleted that the account has no more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    serials = {value for domain, value in device.identifiers if domain == DOMAIN}
    return not serials & entry.runtime_data.device_serials
