"""Home Energy Bundle: puts the vendors' integrations into place and updates them."""

import logging

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady

from .const import CONF_CHOICES, CONF_VENDORS, DOMAIN
from .hub import Hub, async_hub
from .installer import State
from .issues import PUT_BACK, async_clear_issues, async_review

_LOGGER = logging.getLogger(__name__)

type HubConfigEntry = ConfigEntry[Hub]


async def async_setup_entry(hass: HomeAssistant, entry: HubConfigEntry) -> bool:
    """Place what is missing or outdated; the rest waits until Home Assistant stops."""
    hub = entry.runtime_data = async_hub(hass)
    try:
        await hub.bring(entry.options[CONF_VENDORS])
    except OSError as err:
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN,
            translation_key="cannot_write",
            translation_placeholders={"error": str(err)},
        ) from err
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
    """Delete the vendors that nobody has set up; the others go on without us."""
    async_clear_issues(hass)
    hub = async_hub(hass)
    vendors = [one for one in await hub.look() if one.state is not State.FOREIGN]
    unused = [one.domain for one in vendors if not hub.entries(one.domain)]
    if kept := [one.domain for one in vendors if one.domain not in unused]:
        _LOGGER.info("Left in place, as they are in use: %s", ", ".join(kept))
    try:
        await hub.remove(unused)
    except OSError as err:
        _LOGGER.error("Unused vendors could not be deleted: %s", err)
