"""What the controls of local settings have in common (reference section 9.4)."""

from collections.abc import Hashable
from typing import Any, override

from homeassistant.helpers.entity import EntityDescription

from ._vendor.core.ha.entity import Candidate
from .entity import SiteEntity
from .site import AmberSite


class SettingEntity(SiteEntity):
    """A control of the setting that its key names; there is always one."""

    @property
    def setting(self) -> Any:
        """The setting as it is."""
        return self.site.settings.get(self.entity_description.key)

    @property
    @override
    def shown(self) -> Hashable:
        return self.setting  # type: ignore[no-any-return]

    async def _set(self, value: Any) -> None:
        await self.site.settings.set(self.entity_description.key, value)


def each[D: EntityDescription](
    site: AmberSite, kind: Any, descriptions: tuple[D, ...]
) -> list[Candidate]:
    """Return an entity for each description."""

    def candidate(description: D) -> Candidate:
        return (site.site_id, description.key, lambda: kind(site, description))

    return [candidate(description) for description in descriptions]
