"""What was typed into a dialog that a browser left, for the next one.

When iSolarCloud loses the ``state`` (reference section 2.3), the dialog waits for a
browser that never comes and can only be closed; the address is pasted into another.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN

_LIFE = timedelta(minutes=30)
_TYPED: HassKey[tuple[datetime, dict[str, Any]]] = HassKey(f"{DOMAIN}.typed")


@callback
def async_remember(hass: HomeAssistant, entered: Mapping[str, Any]) -> None:
    """Keep what was typed for half an hour, in memory only."""
    hass.data[_TYPED] = dt_util.utcnow() + _LIFE, dict(entered)


@callback
def async_recall(hass: HomeAssistant) -> dict[str, Any]:
    """Return what was typed; empty without any."""
    until, entered = hass.data.get(_TYPED, (dt_util.utcnow(), {}))
    if dt_util.utcnow() < until:
        return dict(entered)
    async_forget_typed(hass)
    return {}


@callback
def async_forget_typed(hass: HomeAssistant) -> None:
    """Keep nothing any more."""
    hass.data.pop(_TYPED, None)
