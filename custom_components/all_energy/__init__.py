"""Home Energy Bundle: puts the vendors' integrations into place and updates them."""

from contextlib import suppress
import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event, HomeAssistant

from .const import CONF_CHOICES, CONF_VENDORS
from .hub import Hub, async_hub
from .installer import State
from .issues import PUT_BACK, async_clear_issues, async_review

_LOGGER = logging.getLogger(__name__)

WHOLE = {State.CURRENT, State.OUTDATED}

type HubConfigEntry = ConfigEntry[Hub]


async def async_setup_entry(hass: HomeAssistant, entry: HubConfigEntry) -> bool:
    """Place what is missing or outdated; the rest waits until Home Assistant stops."""
    hub = entry.runtime_data = async_hub(hass)
    with suppress(OSError):  # an issue says so
        await hub.bring(entry.options[CONF_VENDORS])
    await async_review(hass, entry)

    async def at_stop(_event: Event) -> None:
        choices = entry.data.get(CONF_CHOICES, {})
        put_back = [domain for domain in choices if choices[domain] == PUT_BACK]
        try:
            await hub.bring_at_stop(entry.options[CONF_VENDORS], put_back)
        except OSError as err:
            _LOGGER.error("The update waits for the next restart: %s", err)

    entry.async_on_unload(
        hass.bus.async_listen(EVENT_HOMEASSISTANT_FINAL_WRITE, at_stop)
    )
    return True


async def async_unload_entry(hass: HomeAssistant, entry: HubConfigEntry) -> bool:
    """Leave the vendors as they are: who disables the hub is not updated."""
    if entry.disabled_by:
        async_clear_issues(hass)  # but not for a reload: some may be dismissed
    return True


async def async_remove_entry(hass: HomeAssistant, entry: HubConfigEntry) -> None:
    """Delete what nobody has set up, or changed; the others go on without us."""
    async_clear_issues(hass)
    hub = async_hub(hass)
    vendors = await hub.look()
    whole = [one.domain for one in vendors if one.state in WHOLE]
    left = [one.domain for one in vendors if one.state is State.MODIFIED]
    try:
        left += await hub.remove(whole)
        if left:
            _LOGGER.info("Left in place, as in use or changed: %s", ", ".join(left))
    except OSError as err:
        _LOGGER.error("Unused vendors could not be deleted: %s", err)
