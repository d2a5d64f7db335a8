"""Which states are written, and which of them say nothing new."""

from collections import Counter
import time
from typing import Any

from homeassistant.const import EVENT_STATE_CHANGED, EVENT_STATE_REPORTED
from homeassistant.core import (
    Event,
    EventStateChangedData,
    EventStateReportedData,
    HomeAssistant,
    callback,
)


class Writes:
    """Counts what is written, by the entity.

    A state that is equal, its attributes too, is *reported*: it costs no row of the
    database. Of a measurement that is a new reading with an equal value; of anything
    else it says nothing.
    """

    def __init__(self) -> None:
        """Begin with nothing counted."""
        self.changed: Counter[str] = Counter()
        self.attributes: Counter[str] = Counter()
        self.measured: Counter[str] = Counter()
        self.needless: Counter[str] = Counter()
        self.grown = time.time()  # when there was last a state of a new entity

    @callback
    def listen(self, hass: HomeAssistant) -> None:
        """Count from now on."""
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._changed)
        # All is done in the filter: it is the cheapest
        hass.bus.async_listen(EVENT_STATE_REPORTED, _ignore, self._reported)

    @callback
    def _changed(self, event: Event[EventStateChangedData]) -> None:
        old, new = event.data["old_state"], event.data["new_state"]
        if old is None:
            self.grown = time.time()
        if old is not None and new is not None and old.state == new.state:
            self.attributes[event.data["entity_id"]] += 1
        else:
            self.changed[event.data["entity_id"]] += 1

    @callback
    def _reported(self, data: EventStateReportedData) -> bool:
        state = data["new_state"]
        assert state is not None
        counter = (
            self.measured
            if state.attributes.get("state_class") == "measurement"
            else self.needless
        )
        counter[data["entity_id"]] += 1
        return False

    def told(self) -> dict[str, dict[str, int]]:
        """Return the counts, and begin anew."""
        counters = {
            "changed": self.changed,
            "attributes": self.attributes,
            "measured": self.measured,
            "needless": self.needless,
        }
        counts = {kind: dict(counter) for kind, counter in counters.items()}
        for counter in counters.values():
            counter.clear()
        return counts


@callback
def _ignore(_event: Event[Any]) -> None:
    """Do nothing with what the filter has counted."""
