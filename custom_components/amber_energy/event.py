"""Events of a site: price spikes, and other words for the price.

They follow what is shown, so that a held price is no news. What was told last is
remembered over restarts: nothing is told twice, and nothing at the first look.
"""

from functools import partial
from typing import Any, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .binary_sensor import expected_spikes
from .descriptions_price import DESCRIPTORS
from .driver import Channel, SpikeStatus
from .entity import SiteEntity
from .look import fresh, local_text, main_channel, price_of, shown
from .site import AmberConfigEntry, AmberSite
from .usage_event import usage_candidates

PARALLEL_UPDATES = 0

SPIKE_EVENTS = EventEntityDescription(
    key="price_spike_event",
    translation_key="price_spike_event",
    event_types=["spike_expected", "spike_started", "spike_ended"],
)
DESCRIPTOR_EVENTS = EventEntityDescription(
    key="price_descriptor_event",
    translation_key="price_descriptor_event",
    event_types=DESCRIPTORS,
)
# What is told of spikes last
_NONE: Final = "none"
_EXPECTED: Final = "expected"
_RUNNING: Final = "running"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AmberConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(site: AmberSite) -> list[Candidate]:
    found: list[Candidate] = []
    if main_channel(site) is not None:
        found.append((site.site_id, SPIKE_EVENTS.key, partial(SpikeEvents, site)))
    if Channel.GENERAL in site.channels:
        found.append(
            (site.site_id, DESCRIPTOR_EVENTS.key, partial(DescriptorEvents, site))
        )
    return [*found, *usage_candidates(site)]


class _PriceEvents(SiteEntity, EventEntity):
    """Tells of changes of one thing that is shown."""

    @property
    def _note(self) -> str:
        return f"{self.site.site_id}/told_{self.entity_description.key}"

    def _now(self) -> str | None:
        """Return what is shown now; None while that is not known."""
        raise NotImplementedError

    def _event(self, before: str, now: str) -> tuple[str, dict[str, Any]] | None:
        """Return the event of a change and its attributes; None if there is none."""
        raise NotImplementedError

    @property
    @override
    def available(self) -> bool:
        return fresh(self.site)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._look()

    @callback
    @override
    def _changed(self) -> None:
        available = (self.available,)
        if self._look() or available != self._written:
            self._written = available
            self.async_write_ha_state()

    @override
    def _now_shown(self) -> tuple[bool]:
        return (self.available,)

    def _look(self) -> bool:
        """Have told what has changed; return whether there was something."""
        if not self.available or (now := self._now()) is None:
            return False
        before = self.site.account.notes.get(self._note)
        if before == now:
            return False
        self.site.account.note(self._note, now)
        if not isinstance(before, str) or (event := self._event(before, now)) is None:
            return False
        self._trigger_event(*event)
        return True


class SpikeEvents(_PriceEvents):
    """Tells when a price spike is expected, has begun, and is over."""

    def __init__(self, site: AmberSite) -> None:
        """Bind to the site."""
        super().__init__(site, SPIKE_EVENTS)

    @override
    def _now(self) -> str | None:
        now = shown(self.site)
        if now is None or now.spike_status is None:
            return None
        if now.spike_status == SpikeStatus.SPIKE:
            return _RUNNING
        if now.spike_status == SpikeStatus.POTENTIAL or expected_spikes(self.site):
            return _EXPECTED
        return _NONE

    @override
    def _event(self, before: str, now: str) -> tuple[str, dict[str, Any]] | None:
        if now == _RUNNING:
            return "spike_started", self._attributes()
        if before == _RUNNING:
            return "spike_ended", self._attributes()
        if now == _EXPECTED:
            return "spike_expected", self._expected()
        return None

    def _attributes(self) -> dict[str, Any]:
        now = shown(self.site)
        assert now is not None  # something is shown
        return {
            "channel": now.interval.channel.wire,
            "start": local_text(now.interval.start),
            "price": now.price,
            "spot_price": now.spot,
        }

    def _expected(self) -> dict[str, Any]:
        """Describe the first interval that may be a spike: it, or the one that runs."""
        now = shown(self.site)
        assert now is not None  # something is shown
        if now.spike_status == SpikeStatus.POTENTIAL:
            return self._attributes()
        first = expected_spikes(self.site)[0]
        return {
            "channel": first.channel.wire,
            "start": local_text(first.start),
            "price": price_of(self.site, first),
            "spot_price": first.spot,
        }


class DescriptorEvents(_PriceEvents):
    """Tells when the general price gets another word."""

    def __init__(self, site: AmberSite) -> None:
        """Bind to the site."""
        super().__init__(site, DESCRIPTOR_EVENTS)

    @property
    @override
    def available(self) -> bool:
        return fresh(self.site, Channel.GENERAL)

    @override
    def _now(self) -> str | None:
        now = shown(self.site, Channel.GENERAL)
        return None if now is None or now.descriptor is None else str(now.descriptor)

    @override
    def _event(self, before: str, now: str) -> tuple[str, dict[str, Any]] | None:
        shown_now = shown(self.site, Channel.GENERAL)
        assert shown_now is not None  # something is shown
        if now not in self.event_types:
            return None
        return now, {
            "channel": Channel.GENERAL.wire,
            "from": before,
            "to": now,
            "price": shown_now.price,
        }
