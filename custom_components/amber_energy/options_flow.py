"""What may be tuned of a site."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload

from ._vendor.core.client.decode import text
from .const import (
    CONF_BILLING_DAY,
    CONF_HISTORY_DAYS,
    CONF_RENEWABLES_STATES,
    CONF_SPIKE_HOURS,
    CONF_STATE,
)
from .forms import options_form
from .site import AmberSite
from .states import STATES

_WHOLE = (CONF_SPIKE_HOURS, CONF_BILLING_DAY, CONF_HISTORY_DAYS)


class AmberOptionsFlow(OptionsFlowWithReload):
    """Tunes a site; the local settings in the same options stay as they are."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for states, spikes, billing and history."""
        if user_input is not None:
            chosen = {
                **user_input,
                **{key: int(user_input[key]) for key in _WHOLE},
                CONF_RENEWABLES_STATES: [
                    state
                    for state in STATES
                    if state in user_input[CONF_RENEWABLES_STATES]
                ],
            }
            kept = dict(self.config_entry.options)
            kept.pop(CONF_STATE, None)
            return self.async_create_entry(data=kept | chosen)
        return self.async_show_form(
            step_id="init",
            data_schema=options_form(self.config_entry.options, self._state),
        )

    @property
    def _state(self) -> str | None:
        """The state that was chosen, else the one of the site's network."""
        runtime: AmberSite | None = getattr(self.config_entry, "runtime_data", None)
        if runtime is not None:
            return runtime.state
        chosen = text(self.config_entry.options.get(CONF_STATE))
        return chosen if chosen in STATES else None
