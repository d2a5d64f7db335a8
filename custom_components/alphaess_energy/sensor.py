"""Sensors of systems, EV chargers and the account."""

from functools import partial
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.control_state import CONTROL_SENSORS, ControlSensor
from ._vendor.core.ha.entity import BundleSensor, Candidate, add_with_their_data
from ._vendor.core.ha.import_entities import HISTORY_IMPORT, HistorySensor
from .account import AlphaEssAccount, AlphaEssConfigEntry
from .coordinator import AlphaEssSystem
from .descriptions import (
    ACCOUNT,
    CHARGER_POWER,
    CHARGER_STATUS,
    SYSTEM,
    AccountSensorDescription,
    ChargerSensorDescription,
    SystemSensorDescription,
    Value,
)
from .entity import ChargerEntity, SystemEntity, control_device

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: AlphaEssConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(runtime: AlphaEssAccount) -> list[Candidate]:
    account = runtime.entry.entry_id
    found: list[Candidate] = [
        (account, description.key, partial(AccountSensor, runtime, description))
        for description in ACCOUNT
    ]
    for serial, system in runtime.systems.items():
        found += [
            (
                serial,
                description.key,
                partial(SystemSensor, runtime, system, description),
            )
            for description in SYSTEM
            if description.exists(system)
        ]
        found.append(
            (
                serial,
                HISTORY_IMPORT.key,
                partial(
                    HistorySensor, system.history, serial, runtime.device_info(system)
                ),
            )
        )
        if (device := control_device(runtime, system)) is not None:
            found += [
                (serial, control.key, partial(ControlSensor, device, control))
                for control in CONTROL_SENSORS
            ]
        for charger, state in system.charger_states.items():
            found.append(
                (
                    charger,
                    CHARGER_STATUS.key,
                    partial(
                        ChargerSensor, runtime, system, charger, state, CHARGER_STATUS
                    ),
                )
            )
            if system.ev_powers_match:
                found.append(
                    (
                        charger,
                        CHARGER_POWER.key,
                        partial(ChargerPowerSensor, runtime, system, charger),
                    )
                )
    return found


class SystemSensor(SystemEntity, BundleSensor[Any]):
    """A reading of a system."""

    entity_description: SystemSensorDescription

    @property
    @override
    def available(self) -> bool:
        if self.entity_description.shown_when_stale:
            return self.coordinator.known
        return super().available

    @property
    @override
    def native_value(self) -> Value:
        return self.entity_description.value_fn(self.system)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if (unit_fn := self.entity_description.unit_fn) is None:
            return super().native_unit_of_measurement
        return unit_fn(self.system, self.hass.config.currency)

    @property
    @override
    def last_reset(self) -> Any:
        if (last_reset_fn := self.entity_description.last_reset_fn) is None:
            return None
        return last_reset_fn(self.system)


class ChargerSensor(ChargerEntity, BundleSensor[Any]):
    """A reading of an EV charger."""

    entity_description: ChargerSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.coordinator.data)


class ChargerPowerSensor(ChargerEntity, BundleSensor[Any]):
    """The power of an EV charger, which the system's live values hold.

    Which power is whose follows only from the order of the vendor's list, so it is
    looked up anew each time: chargers come, go and move.
    """

    def __init__(
        self, runtime: AlphaEssAccount, system: AlphaEssSystem, charger: str
    ) -> None:
        """Bind the charger to the system's live values."""
        super().__init__(runtime, system, charger, system.live, CHARGER_POWER)

    @property
    @override
    def native_value(self) -> float | None:
        chargers = list(self.system.chargers.data.chargers)
        powers = [p for p in self.system.live.data.ev_chargers if p is not None]
        if len(powers) != len(chargers) or self.charger not in chargers:
            return None
        return powers[chargers.index(self.charger)]


class AccountSensor(BundleSensor[Any]):
    """A diagnostic value of the account."""

    entity_description: AccountSensorDescription

    def __init__(
        self, runtime: AlphaEssAccount, description: AccountSensorDescription
    ) -> None:
        """Bind the description to the account; it follows the list of systems."""
        super().__init__(
            runtime.sites, description, f"{runtime.entry.unique_id}_{description.key}"
        )
        self._runtime = runtime
        self._attr_device_info = runtime.account_info

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self._runtime.account)
