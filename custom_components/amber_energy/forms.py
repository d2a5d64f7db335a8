"""What the dialogs ask for."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.const import CONF_NAME, CONF_TOKEN
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)
import probatio

from ._vendor.core.ha.flow import PASSWORD, expert_section
from .const import (
    BILLING_DAY,
    BILLING_DAY_MAX,
    CONF_BILLING_DAY,
    CONF_HISTORY_DAYS,
    CONF_PRICE_STATISTICS,
    CONF_RENEWABLES_STATES,
    CONF_SITE_ID,
    CONF_SPIKE_HOURS,
    CONF_STATE,
    HISTORY_DAYS,
    SPIKE_HOURS,
    SPIKE_HOURS_MAX,
)
from .driver import Site
from .states import STATES


def token_form(url: str | None) -> probatio.Schema:
    """Ask for the token; ``url`` is the server's address, None for Amber's."""
    return probatio.Schema(
        {probatio.Required(CONF_TOKEN): PASSWORD, **expert_section(url)}
    )


def change_form(name: str, url: str | None) -> probatio.Schema:
    """Ask for what may change of an entry; without a token it stays."""
    return probatio.Schema(
        {
            probatio.Required(CONF_NAME, default=name): TextSelector(),
            probatio.Optional(CONF_TOKEN): PASSWORD,
            **expert_section(url),
        }
    )


def site_form(sites: Iterable[Site], name: str | None) -> probatio.Schema:
    """Ask for one of ``sites``; ``name`` is suggested."""
    options = [SelectOptionDict(value=site.id, label=_label(site)) for site in sites]
    return probatio.Schema(
        {
            probatio.Required(CONF_SITE_ID, default=options[0]["value"]): (
                SelectSelector(
                    SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
                )
            ),
            probatio.Optional(
                CONF_NAME, description={"suggested_value": name}
            ): TextSelector(),
        }
    )


def options_form(options: Mapping[str, Any], state: str | None) -> probatio.Schema:
    """Ask for what may be tuned; ``state`` is suggested."""
    return probatio.Schema(
        {
            probatio.Optional(
                CONF_STATE, description={"suggested_value": state}
            ): SelectSelector(
                SelectSelectorConfig(
                    options=list(STATES),
                    mode=SelectSelectorMode.DROPDOWN,
                    translation_key="state",
                )
            ),
            probatio.Required(
                CONF_RENEWABLES_STATES,
                default=[
                    item
                    for item in options.get(CONF_RENEWABLES_STATES) or ()
                    if item in STATES
                ],
            ): SelectSelector(
                SelectSelectorConfig(
                    options=list(STATES),
                    multiple=True,
                    mode=SelectSelectorMode.LIST,
                    translation_key="state",
                )
            ),
            probatio.Required(
                CONF_SPIKE_HOURS, default=options.get(CONF_SPIKE_HOURS, SPIKE_HOURS)
            ): _whole(1, SPIKE_HOURS_MAX, "h"),
            probatio.Required(
                CONF_BILLING_DAY, default=options.get(CONF_BILLING_DAY, BILLING_DAY)
            ): _whole(1, BILLING_DAY_MAX),
            probatio.Required(
                CONF_HISTORY_DAYS, default=options.get(CONF_HISTORY_DAYS, HISTORY_DAYS)
            ): _whole(0, HISTORY_DAYS, "d"),
            probatio.Required(
                CONF_PRICE_STATISTICS,
                default=options.get(CONF_PRICE_STATISTICS) is True,
            ): BooleanSelector(),
        }
    )


def _label(site: Site) -> str:
    name = site.nmi or site.id[-4:]
    if site.network:
        name = f"{name}, {site.network}"
    return f"{name} (Pending)" if site.status == "pending" else name


def _whole(low: int, high: int, unit: str | None = None) -> NumberSelector:
    return NumberSelector(
        NumberSelectorConfig(
            min=low,
            max=high,
            step=1,
            mode=NumberSelectorMode.BOX,
            **({"unit_of_measurement": unit} if unit else {}),
        )
    )
