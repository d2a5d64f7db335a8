"""What the entities of a site have in common."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.entity import Entity, EntityDescription

from .driver import Channel
from .look import fresh
from .site import AmberSite

type Attributes = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class SiteDescription(EntityDescription):
    """Says what an entity shows of a site, and when it exists.

    One with a ``channel`` exists where the site has that channel, and is shown while
    that has a price. What is ``always`` shown needs no prices.
    """

    value_fn: Callable[[AmberSite], Any]
    attributes_fn: Callable[[AmberSite], Attributes] | None = None
    exists_fn: Callable[[AmberSite], bool] = lambda _: True
    channel: Channel | None = None
    always: bool = False

    def exists(self, site: AmberSite) -> bool:
        """Whether the site has what this entity shows."""
        if self.channel is not None and self.channel not in site.channels:
            return False
        return self.exists_fn(site)


class SiteEntity(Entity):
    """An entity of a site; it writes a state only when it says something else.

    A price holds until the next one, so that one read again and equal is no news.
    """

    _attr_has_entity_name = True
    _attr_should_poll = False
    _written: tuple[Hashable, ...] | None = None

    def __init__(self, site: AmberSite, description: EntityDescription) -> None:
        """Bind the description to the site."""
        self.entity_description = description
        self.site = site
        self._attr_unique_id = f"{site.site_id}_{description.key}"
        self._attr_device_info = site.device_info

    @property
    def shown(self) -> Hashable:
        """What people see of this entity while it is available."""
        raise NotImplementedError

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._written = self._now_shown()
        self.async_on_remove(self.site.async_listen(self._changed))

    @callback
    def _changed(self) -> None:
        now = self._now_shown()
        if now != self._written:
            self._written = now
            self.async_write_ha_state()

    def _now_shown(self) -> tuple[Hashable, ...]:
        return (True, self.shown) if self.available else (False,)


class DescribedEntity(SiteEntity):
    """Shows what its description says."""

    entity_description: SiteDescription

    @property
    @override
    def available(self) -> bool:
        description = self.entity_description
        return description.always or fresh(self.site, description.channel)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        attributes_fn = self.entity_description.attributes_fn
        return dict(attributes_fn(self.site)) if attributes_fn is not None else None

    @property
    @override
    def shown(self) -> Hashable:
        return (
            self.entity_description.value_fn(self.site),
            repr(self.extra_state_attributes),
        )


def seen(site: AmberSite, feature: str, now: Callable[[], bool]) -> bool:
    """Whether a feature was ever there, also before a restart.

    A value that happens to be missing must not take its entity away.
    """
    note = f"{site.site_id}/seen"
    known = site.account.notes.get(note)
    known = known if isinstance(known, list) else []
    if feature in known:
        return True
    if found := now():
        site.account.note(note, [*known, feature])
    return found
