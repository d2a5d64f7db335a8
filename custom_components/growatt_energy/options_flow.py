"""What may be tuned of an account."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload

from ._vendor.core.client.decode import text
from .const import (
    CONF_EXPERIMENTAL,
    CONF_HISTORY_DAYS,
    CONF_MODE,
    CONF_PLANTS,
    CONF_POLL_MINUTES,
    MODE_LOGIN,
)
from .families import Family
from .forms import options_form
from .runtime import GrowattRuntime


class GrowattOptionsFlow(OptionsFlowWithReload):
    """Tunes an account; other options stay as they are."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for control, cadence, plants and history."""
        plants, errors = self._plants, {}
        if user_input is not None:
            if user_input.get(CONF_PLANTS) == []:
                errors = {CONF_PLANTS: "no_plants_chosen"}
            else:
                return self.async_create_entry(data=self._options(user_input))
        served = [key for key in self._served if key in plants] or list(plants)
        entry = self.config_entry
        return self.async_show_form(
            step_id="init",
            data_schema=options_form(
                {**entry.options, **(user_input or {})},
                plants,
                served,
                login=entry.data.get(CONF_MODE) == MODE_LOGIN,
                experimental=self._experimental,
            ),
            errors=errors,
        )

    def _options(self, user_input: dict[str, Any]) -> dict[str, Any]:
        chosen = {**self.config_entry.options, **user_input}
        for key in (CONF_HISTORY_DAYS, CONF_POLL_MINUTES):
            if key in user_input:
                chosen[key] = int(user_input[key])
        return chosen

    @property
    def _experimental(self) -> bool:
        """Whether periods may be chosen to be written that nobody has proved (6.5)."""
        entry = self.config_entry
        if entry.data.get(CONF_MODE) == MODE_LOGIN:
            return False
        runtime: GrowattRuntime | None = getattr(entry, "runtime_data", None)
        devices = runtime.devices.values() if runtime is not None else ()
        there = any(device.family is Family.SPA for device in devices)
        return there or CONF_EXPERIMENTAL in entry.options

    @property
    def _plants(self) -> dict[str, str]:
        """The names of the account's plants by id, as far as they are known."""
        runtime: GrowattRuntime | None = getattr(
            self.config_entry, "runtime_data", None
        )
        if runtime is None or not runtime.listing.known:
            return {}
        return {key: plant.name for key, plant in runtime.listing.data.plants.items()}

    @property
    def _served(self) -> list[str]:
        for source in (self.config_entry.options, self.config_entry.data):
            ids = source.get(CONF_PLANTS)
            if isinstance(ids, list) and ids:
                return [key for key in map(text, ids) if key]
        return []
