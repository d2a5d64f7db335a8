"""What may be tuned of an account."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload

from ._vendor.core.ha.flow import with_served
from .const import CONF_HISTORY_DAYS, CONF_PLANTS, CONF_POLL_SECONDS, DOMAIN
from .discovery import RIGHTS, rights_of, rights_texts
from .forms import options_form
from .inventory import served
from .runtime import GoodWeRuntime


class GoodWeOptionsFlow(OptionsFlowWithReload):
    """Tunes an account; other options stay as they are."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for control, push, cadence, plants and history."""
        plants, errors = self._plants, {}
        if user_input is not None:
            if user_input.get(CONF_PLANTS) == []:
                errors = {CONF_PLANTS: "no_plants_chosen"}
            else:
                return self.async_create_entry(data=self._options(user_input))
        entry, runtime = self.config_entry, self._runtime
        wanted = served(entry)
        known = runtime.plants.values() if runtime is not None else ()
        told = rights_texts(rights_of(plant.entry for plant in known))
        return self.async_show_form(
            step_id="init",
            data_schema=options_form(
                {**entry.options, **(user_input or {})},
                plants,
                [key for key in plants if wanted is None or key in wanted],
                told,
            ),
            errors=errors,
        )

    def _options(self, user_input: dict[str, Any]) -> dict[str, Any]:
        chosen = {
            key: value
            for key, value in {**self.config_entry.options, **user_input}.items()
            if key not in RIGHTS
        }
        for key in (CONF_HISTORY_DAYS, CONF_POLL_SECONDS):
            chosen[key] = int(user_input[key])
        return chosen

    @property
    def _runtime(self) -> GoodWeRuntime | None:
        return getattr(self.config_entry, "runtime_data", None)

    @property
    def _plants(self) -> dict[str, str]:
        """The names by id of the plants that the account shows or that are served.

        Empty as long as there is no list.
        """
        runtime = self._runtime
        if runtime is None or not runtime.listing.known:
            return {}
        listed = {key: plant.name for key, plant in runtime.listing.data.plants.items()}
        return with_served(
            self.hass,
            self.config_entry,
            listed,
            {key: (DOMAIN, key) for key in sorted(served(self.config_entry) or ())},
        )
