"""What may be tuned of an account."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload

from ._vendor.core.ha.flow import with_served
from .const import CONF_HISTORY_DAYS, CONF_PLANTS, CONF_POLL_SECONDS, DOMAIN
from .discovery import served
from .forms import options_form
from .plant import plant_key
from .runtime import SungrowRuntime


class SungrowOptionsFlow(OptionsFlowWithReload):
    """Tunes an account; other options stay as they are."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for control, cadence, plants and history."""
        entry = self.config_entry
        plants, errors = self._plants, {}
        if user_input is not None:
            if user_input.get(CONF_PLANTS) == []:
                errors = {CONF_PLANTS: "no_plants_chosen"}
            else:
                return self.async_create_entry(data=self._options(user_input))
        now = served(entry.options) or served(entry.data)
        return self.async_show_form(
            step_id="init",
            data_schema=options_form(
                {**entry.options, **(user_input or {})},
                plants,
                now or list(plants),
            ),
            errors=errors,
        )

    def _options(self, user_input: dict[str, Any]) -> dict[str, Any]:
        chosen = {**self.config_entry.options, **user_input}
        for key in (CONF_HISTORY_DAYS, CONF_POLL_SECONDS):
            chosen[key] = int(user_input[key])
        return chosen

    @property
    def _plants(self) -> dict[str, str]:
        """The names by id of the plants that the account shows or that are served.

        Empty as long as there is no list.
        """
        runtime: SungrowRuntime | None = getattr(
            self.config_entry, "runtime_data", None
        )
        if runtime is None or not runtime.listing.known:
            return {}
        entry = self.config_entry
        wanted = served(entry.options) or served(entry.data)
        return with_served(
            self.hass,
            entry,
            {key: plant.name for key, plant in runtime.listing.data.plants.items()},
            {key: (DOMAIN, plant_key(key)) for key in wanted},
        )
