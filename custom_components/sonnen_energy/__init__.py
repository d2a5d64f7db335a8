"""sonnenBatterie: a battery and its house through the battery's own local API."""

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

from ._vendor.core.ha.control import MARK, async_control_center
from ._vendor.core.ha.left_setup import again_if_left
from ._vendor.core.ha.repairs import watch_other_integrations
from ._vendor.core.ha.turns import async_forward
from .connection import async_connect_entry
from .const import DOMAIN, OTHER_INTEGRATIONS
from .control import Controls, build_drivers
from .coordinator import SonnenBattery, SonnenConfigEntry
from .issues import clear_all
from .memory import kept_notes
from .services import async_setup_services

PLATFORMS = [
    Platform.BINARY_SENSOR,
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
async def async_setup_entry(hass: HomeAssistant, entry: SonnenConfigEntry) -> bool:
    """Connect to the battery and begin to read."""
    account, client = await async_connect_entry(hass, entry)
    account.keep()
    zone = dt_util.get_default_time_zone()
    battery = SonnenBattery(hass, entry, account, client, zone)
    center = await async_control_center(hass, DOMAIN, build_drivers)
    battery.controls = Controls(hass, battery, center)
    entry.runtime_data = battery
    # What is leased is put back also while the readings cannot be set up.
    await battery.controls.async_resume()
    await battery.async_start()
    watch_other_integrations(hass, entry, DOMAIN, OTHER_INTEGRATIONS)
    entry.async_on_unload(
        hass.bus.async_listen(
            EVENT_CORE_CONFIG_UPDATE, partial(_home_changed, hass, entry)
        )
    )
    await async_forward(hass, entry, PLATFORMS)
    return True


async def async_unload_entry(hass: HomeAssistant, entry: SonnenConfigEntry) -> bool:
    """Stop reading; what the battery's account remembers stays, and what is leased."""
    center = await async_control_center(hass, DOMAIN, build_drivers)
    if entry.disabled_by:
        clear_all(hass, entry)
        await center.async_end(entry, "disabled")
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await center.async_close(entry.entry_id, but_leased=bool(entry.disabled_by))
    return True


async def async_remove_entry(hass: HomeAssistant, entry: SonnenConfigEntry) -> None:
    """Forget the battery; the request budget stays, so that a new entry is no burst.

    So does what is needed to end a force that could not be ended.
    """
    clear_all(hass, entry)
    center = await async_control_center(hass, DOMAIN, build_drivers)
    await center.async_remove(entry)
    try:
        account, _ = await async_connect_entry(hass, entry)
    except ConfigEntryAuthFailed, ConfigEntryError:
        return
    account.keep()
    forced = [key for key in account.notes if key.endswith(f"/{MARK}")]
    kept = [note for key in forced for note in kept_notes(key.removesuffix(f"/{MARK}"))]
    account.forget(but={*forced, *kept})
    await account.async_save()
    account.leave()


async def async_remove_config_entry_device(
    hass: HomeAssistant, entry: SonnenConfigEntry, device: AnyDeviceEntry
) -> bool:
    """Let a meter be deleted that the battery has no more."""
    if entry.state is not ConfigEntryState.LOADED:
        return False
    serials = {value for domain, value in device.identifiers if domain == DOMAIN}
    if serials & entry.runtime_data.reported_devices:
        return False
    entry.runtime_data.forget_meters(serials)
    return True


@callback
def _home_changed(
    hass: HomeAssistant, entry: SonnenConfigEntry, event: Event[Any]
) -> None:
    """Begin anew when days begin at another time."""
    if "time_zone" in event.data:
        hass.config_entries.async_schedule_reload(entry.entry_id)
