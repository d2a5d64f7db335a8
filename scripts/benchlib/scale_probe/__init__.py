"""Measures a Home Assistant from within: for scripts/benchmark_scale alone."""

import gc
import time
from typing import Any

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import (
    Event,
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import ConfigType

from .stalls import Stalls
from .writes import Writes

DOMAIN = "scale_probe"


class Probe:
    """All that was seen since it was last asked."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin to look."""
        self._hass = hass
        self.stalls, self.writes = Stalls(), Writes()
        self.loaded: dict[str, float] = {}  # when, by entry
        self.began = time.time()
        self.stalls.start(hass.loop)
        self.writes.listen(hass)
        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry)
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_STOP, self._stop)

    @callback
    def _entry(self, _change: ConfigEntryChange, entry: ConfigEntry[Any]) -> None:
        ours = entry.domain.endswith("_energy")
        if ours and entry.state is ConfigEntryState.LOADED:
            self.loaded.setdefault(entry.entry_id, time.time())

    @callback
    def _stop(self, _event: Event) -> None:
        self.stalls.stop()

    @callback
    def told(self) -> dict[str, Any]:
        """Return what was seen, and begin anew."""
        self.stalls.excuse()
        began, self.began = self.began, time.time()
        found, self.stalls.found = self.stalls.found, []
        return {
            "began": began,
            "ended": self.began,
            "stalls": found,
            "writes": self.writes.told(),
            "grown": self.writes.grown,
            "loaded": dict(self.loaded),
            "objects": len(gc.get_objects()),
            "states": len(self._hass.states.async_entity_ids()),
        }


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Begin to measure, and tell of it by an action."""
    probe = Probe(hass)

    @callback
    def read(_call: ServiceCall) -> ServiceResponse:
        return probe.told()

    @callback
    def grown(_call: ServiceCall) -> ServiceResponse:
        return {"at": probe.writes.grown}

    for name, answer in (("read", read), ("grown", grown)):
        hass.services.async_register(
            DOMAIN, name, answer, supports_response=SupportsResponse.ONLY
        )
    return True
