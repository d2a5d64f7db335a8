"""AlphaESS: solar, battery and EV chargers through the AlphaCloud Open API."""

from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.device_registry import AnyDeviceEntry
from homeassistant.helpers.typing import ConfigType

from ._vendor.core.client.decode import text
from ._vendor.core.ha.control import MARK, async_control_center
from ._vendor.core.ha.left_setup import again_if_left
from ._vendor.core.ha.midnight import async_before_midnight
from ._vendor.core.ha.repairs import watch_other_integrations
from ._vendor.core.ha.turns import async_forward
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .connection import async_connect, async_connect_entry, async_time_zone
from .const import (
    CONF_APP_ID,
    CONF_TIME_ZONE,
    DOMAIN,
    OTHER_INTEGRATIONS,
)
from .control import Controls, build_drivers
from .issues import clear_all
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
    await async_control_center(hass, DOMAIN, build_drivers)
    return True


@again_if_left
async def async_setup_entry(hass: HomeAssistant, entry: AlphaEssConfigEntry) -> bool:
    """Connect to the account and begin to read."""
    account, client = await async_connect_entry(hass, entry)
    account.keep()
    zone = await async_time_zone(entry)
    runtime = AlphaEssAccount(hass, entry, account, client, zone)
    center = await async_control_center(hass, DOMAIN, build_drivers)
    runtime.controls = Controls(hass, runtime, center)
    entry.runtime_data = runtime
    # What is leased is put back also while the readings cannot be set up.
    await runtime.controls.async_resume()
    await runtime.async_start()
    await runtime.controls.async_follow()
    async_before_midnight(hass, entry, zone, runtime.async_read_before_midnight)
    watch_other_integrations(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
    entry.async_on_unload(
        hass.bus.async_listen(
            EVENT_CORE_CONFIG_UPDATE, partial(_home_changed, hass, entry)
        )
    )
    await async_forward(hass, entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: AlphaEssConfigEntry) -> bool:
    """Stop reading; what the account remembers stays, and what is leased."""
    center = await async_control_center(hass, DOMAIN, build_drivers)
    if entry.disabled_by:
        clear_all(hass, entry)
        await center.async_end(entry, "disabled")
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await center.async_close(entry.entry_id, but_leased=bool(entry.disabled_by))
    return True


async def async_remove_entry(hass: HomeAssistant, entry: AlphaEssConfigEntry) -> None:
    """Forget the systems; the request budget stays, so that a new entry is no burst.

    So does what is needed to end a force that could not be ended.
    """
    clear_all(hass, entry)
    center = await async_control_center(hass, DOMAIN, build_drivers)
    await center.async_remove(entry)
    if (app_id := text(entry.data.get(CONF_APP_ID))) is None:
        return
    account, _ = await async_connect(hass, app_id, "")
    account.keep()
    forced = [key for key in account.notes if key.endswith(f"/{MARK}")]
    flags = [f"{key.removesuffix(MARK)}flags" for key in forced]
    account.forget(but={*forced, *flags})
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


@callback
def _home_changed(
    hass: HomeAssistant, entry: AlphaEssConfigEntry, event: Event[Any]
) -> None:
    """Begin anew when days begin at another time."""
    if "time_zone" in event.data and not entry.options.get(CONF_TIME_ZONE):
        hass.config_entries.async_schedule_reload(entry.entry_id)
