"""What becomes of a set-up when somebody leaves the page that began it."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CoreState, HomeAssistant


def again_if_left[Entry: ConfigEntry[Any]](
    set_up: Callable[[HomeAssistant, Entry], Coroutine[Any, Any, bool]],
) -> Callable[[HomeAssistant, Entry], Coroutine[Any, Any, bool]]:
    """Set an entry up once more, with nobody watching.

    Home Assistant adds an entry in the request of a browser, cancels it when the
    browser is gone, and would leave the entry as one that failed for good.
    """

    @wraps(set_up)
    async def wrapped(hass: HomeAssistant, entry: Entry) -> bool:
        try:
            return await set_up(hass, entry)
        except asyncio.CancelledError:
            if hass.state is CoreState.running:
                hass.config_entries.async_schedule_reload(entry.entry_id)
            raise

    return wrapped
