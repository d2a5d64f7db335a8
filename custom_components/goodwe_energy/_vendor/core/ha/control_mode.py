"""The selects *Battery mode* and *Hold block*."""

from collections.abc import Hashable, Sequence
from typing import override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.helpers.restore_state import RestoreEntity
from homeassistant.util import dt as dt_util

from ..control.intent import HoldBlock, Kind, SelfUse
from .control_calls import async_execute
from .control_defaults import force_defaults
from .control_entity import ControlEntity

_MODES = (Kind.FORCE_CHARGE, Kind.FORCE_DISCHARGE, Kind.HOLD)


def battery_mode(kinds: Sequence[Kind]) -> SelectEntityDescription:
    """Describe *Battery mode* for what a vendor can do at all."""
    return SelectEntityDescription(
        key="battery_mode",
        translation_key="battery_mode",
        options=[
            str(kind)
            for kind in (Kind.SELF_USE, *_MODES)
            if kind in {*kinds, Kind.SELF_USE}
        ],
    )


def hold_block(blocks: Sequence[HoldBlock]) -> SelectEntityDescription:
    """Describe *Hold block* for what a vendor can block at all."""
    return SelectEntityDescription(
        key="hold_block",
        translation_key="hold_block",
        entity_category=EntityCategory.CONFIG,
        options=[str(block) for block in blocks],
    )


class BatteryMode(ControlEntity, SelectEntity):
    """What the battery does by order; a selection waits for its outcome.

    How long and how much is said by the entities beside it.
    """

    @property
    @override
    def available(self) -> bool:
        return self.device.settings_known()

    @property
    @override
    def options(self) -> list[str]:
        able = self.manager.driver.capabilities.intents | {Kind.SELF_USE}
        described = self.entity_description.options or []
        return [option for option in described if option in able]

    @property
    @override
    def current_option(self) -> str | None:
        if not self.manager.mode_known:
            return None
        return str(self.manager.mode or Kind.SELF_USE)

    @property
    @override
    def shown(self) -> Hashable:
        return (self.current_option, tuple(self.options))

    @override
    async def async_select_option(self, option: str) -> None:
        domain, manager = self.device.domain, self.manager
        if option == Kind.SELF_USE:
            await async_execute(self.hass, domain, manager, SelfUse())
            return
        defaults = force_defaults(self.hass, domain, manager.key)
        able = manager.driver.capabilities
        intent = defaults.intent(Kind(option), able, dt_util.utcnow())
        await async_execute(self.hass, domain, manager, intent)


class HoldBlockSelect(ControlEntity, SelectEntity, RestoreEntity):
    """What *Hold* in *Battery mode* blocks."""

    @property
    @override
    def options(self) -> list[str]:
        able = self.manager.driver.capabilities.blocks
        described = self.entity_description.options or []
        return [option for option in described if option in able]

    @property
    @override
    def current_option(self) -> str:
        defaults = force_defaults(self.hass, self.device.domain, self.manager.key)
        return str(defaults.hold_block(self.manager.driver.capabilities.blocks))

    @property
    @override
    def shown(self) -> Hashable:
        return (self.current_option, tuple(self.options))

    @override
    async def async_added_to_hass(self) -> None:
        defaults = force_defaults(self.hass, self.device.domain, self.manager.key)
        last = await self.async_get_last_state()
        if defaults.block is None and last is not None and last.state in self.options:
            defaults.block = HoldBlock(last.state)
        await super().async_added_to_hass()

    @override
    async def async_select_option(self, option: str) -> None:
        defaults = force_defaults(self.hass, self.device.domain, self.manager.key)
        defaults.block = HoldBlock(option)
        self._changed()
