"""What may be tuned of a battery."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import probatio

from .const import (
    CONF_ALLOW_CONTROL,
    CONF_LIVE_INTERVAL,
    LIVE_INTERVAL,
    LIVE_INTERVAL_MAX,
    LIVE_INTERVAL_MIN,
)


class SonnenOptionsFlow(OptionsFlowWithReload):
    """Tunes a battery."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for control and cadence."""
        if user_input is not None:
            interval = int(user_input[CONF_LIVE_INTERVAL])
            return self.async_create_entry(
                data={**user_input, CONF_LIVE_INTERVAL: interval}
            )
        schema = probatio.Schema(
            {
                probatio.Required(CONF_ALLOW_CONTROL, default=True): BooleanSelector(),
                probatio.Required(CONF_LIVE_INTERVAL, default=LIVE_INTERVAL): (
                    NumberSelector(
                        NumberSelectorConfig(
                            min=LIVE_INTERVAL_MIN,
                            max=LIVE_INTERVAL_MAX,
                            step=1,
                            unit_of_measurement="s",
                            mode=NumberSelectorMode.BOX,
                        )
                    )
                ),
            }
        )
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                schema, self.config_entry.options
            ),
        )
