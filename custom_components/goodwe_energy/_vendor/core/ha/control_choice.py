"""A setting on the device that is one of a few choices."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription

from ..control.driver import Capabilities, Settings
from ..control.intent import Edit, Values
from .control_settings import SettingDescription, SettingEntity


@dataclass(frozen=True, kw_only=True)
class ChoiceSettingDescription(SettingDescription, SelectEntityDescription):
    """A choice; ``value_fn`` returns one of the options, or None."""

    value_fn: Callable[[Settings], str | None]
    change_fn: Callable[[str, Settings, Capabilities], Edit | Values]


class SettingChoice(SettingEntity, SelectEntity):
    """A choice on the device."""

    entity_description: ChoiceSettingDescription

    @property
    @override
    def current_option(self) -> str | None:
        settings = self.settings
        return None if settings is None else self.entity_description.value_fn(settings)

    @property
    @override
    def shown(self) -> Hashable:
        return (self.current_option, self.assumed_state)

    @override
    async def async_select_option(self, option: str) -> None:
        change_fn = self.entity_description.change_fn
        await self.async_change(partial(change_fn, option))
