"""Sensors of usage: of each register that was ever metered, and of the site."""

from collections.abc import Hashable
from dataclasses import replace
from functools import partial
from typing import Any, override

from homeassistant.components.sensor import SensorEntity
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.entity import Candidate
from ._vendor.core.ha.import_entities import HISTORY_IMPORT, HistorySensor
from .descriptions_usage import (
    REGISTER,
    USAGE_SENSORS,
    RegisterDescription,
    UsageDescription,
    last_day,
)
from .driver import Channel
from .entity import DescribedEntity, SiteEntity
from .site import AmberSite
from .usage.state import RegisterTotal


def usage_candidates(site: AmberSite) -> list[Candidate]:
    """Return the sensors of usage that have their data."""
    found: list[Candidate] = [
        (site.site_id, description.key, partial(UsageSensor, site, description))
        for description in USAGE_SENSORS
        if description.exists(site)
    ]
    prefixes = site.usage.data.prefixes
    for register, channel in site.usage.register_channels().items():
        prefix = prefixes.get(register, channel.value)
        for description in REGISTER:
            if channel in description.channels:
                described = _named(description, channel, prefix)
                make = partial(RegisterSensor, site, register, described)
                found.append((site.site_id, described.key, make))
    found.append(
        (
            site.site_id,
            HISTORY_IMPORT.key,
            partial(HistorySensor, site.usage.history, site.site_id, site.device_info),
        )
    )
    return found


def _named(
    description: RegisterDescription, channel: Channel, prefix: str
) -> RegisterDescription:
    """Return the description of one register; only a second of a type is named."""
    identifier = prefix.removeprefix(channel.value).removeprefix("_").upper()
    return replace(
        description,
        key=f"yesterday_{prefix}_{description.key}",
        translation_key=f"yesterday_{channel.value}_{description.key}",
        translation_placeholders={"register": f" {identifier}" if identifier else ""},
    )


class UsageSensor(DescribedEntity, SensorEntity):
    """Shows something of the site's usage."""

    entity_description: UsageDescription

    @property
    @override
    def native_value(self) -> Any:
        return self.entity_description.value_fn(self.site)


class RegisterSensor(SiteEntity, SensorEntity):
    """Shows something of a register's last day."""

    entity_description: RegisterDescription

    def __init__(
        self, site: AmberSite, register: str, description: RegisterDescription
    ) -> None:
        """Bind to the register with this key."""
        super().__init__(site, description)
        self._register = register

    @property
    def _total(self) -> RegisterTotal | None:
        last = self.site.usage.data.last
        return last.registers.get(self._register) if last is not None else None

    @property
    @override
    def available(self) -> bool:
        """A register that the last day did not have is gone."""
        return self._total is not None

    @property
    @override
    def native_value(self) -> StateType:
        total = self._total
        return self.entity_description.value_fn(total) if total is not None else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return dict(last_day(self.site))

    @property
    @override
    def shown(self) -> Hashable:
        return self.native_value, repr(self.extra_state_attributes)
