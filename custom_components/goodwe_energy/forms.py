"""What the dialogs ask for."""

from collections.abc import Mapping
from typing import Any

from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
)
import probatio

from ._vendor.core.ha.flow import (
    CONF_SERVER_URL,
    PASSWORD,
    SECTION_EXPERT,
    expert_section,
    several,
    whole_number,
)
from .const import (
    CONF_ACCOUNT,
    CONF_ALLOW_CONTROL,
    CONF_HISTORY_DAYS,
    CONF_LIVE,
    CONF_PASSWORD,
    CONF_PLANTS,
    CONF_POLL_SECONDS,
    CONF_REGION,
    HISTORY_MAX_DAYS,
    POLL_SECONDS,
    POLL_SECONDS_MAX,
    POLL_SECONDS_MIN,
    REGION_AUTO,
    REGIONS,
)

# With more of them people choose by themselves (an installer's account).
_SUGGESTED = 8

_ACCOUNT = TextSelector(TextSelectorConfig(autocomplete="username"))
_READ_ONLY = TextSelector(TextSelectorConfig(read_only=True))
_REGION = SelectSelector(
    SelectSelectorConfig(
        options=list(REGIONS),
        mode=SelectSelectorMode.DROPDOWN,
        translation_key=CONF_REGION,
    )
)


def account_form(shown: Mapping[str, Any]) -> probatio.Schema:
    """Ask for account, password and where they belong.

    ``shown`` is what was entered before; the password is never shown again.
    """
    region = shown.get(CONF_REGION)
    expert = shown.get(SECTION_EXPERT) or {}
    return probatio.Schema(
        {
            probatio.Required(
                CONF_ACCOUNT, description={"suggested_value": shown.get(CONF_ACCOUNT)}
            ): _ACCOUNT,
            probatio.Required(CONF_PASSWORD): PASSWORD,
            probatio.Required(
                CONF_REGION, default=region if region in REGIONS else REGION_AUTO
            ): _REGION,
            **expert_section(expert.get(CONF_SERVER_URL)),
        }
    )


def plants_form(plants: Mapping[str, str]) -> probatio.Schema:
    """Ask which plants (name by id) are served; all are suggested if they are few."""
    chosen = list(plants) if len(plants) <= _SUGGESTED else []
    return probatio.Schema(
        {probatio.Required(CONF_PLANTS, default=chosen): several(plants)}
    )


def control_form(told: Mapping[str, str]) -> probatio.Schema:
    """Ask whether settings may be changed; nobody gets that unasked.

    ``told`` is what the account may do with which plants.
    """
    return probatio.Schema(
        {
            **_told(told),
            probatio.Required(CONF_ALLOW_CONTROL, default=False): BooleanSelector(),
        }
    )


def options_form(
    options: Mapping[str, Any],
    plants: Mapping[str, str],
    served: list[str],
    told: Mapping[str, str],
) -> probatio.Schema:
    """Ask for what may be tuned; for the plants only where there is a choice."""
    fields: dict[Any, Any] = {
        **_told(told),
        probatio.Required(
            CONF_ALLOW_CONTROL, default=options.get(CONF_ALLOW_CONTROL) is True
        ): BooleanSelector(),
        probatio.Required(
            CONF_LIVE, default=options.get(CONF_LIVE, True) is True
        ): BooleanSelector(),
        probatio.Required(
            CONF_POLL_SECONDS, default=options.get(CONF_POLL_SECONDS, POLL_SECONDS)
        ): whole_number(POLL_SECONDS_MIN, POLL_SECONDS_MAX, "s"),
    }
    if len(plants) > 1:
        fields[probatio.Required(CONF_PLANTS, default=served)] = several(plants)
    fields[
        probatio.Required(CONF_HISTORY_DAYS, default=options.get(CONF_HISTORY_DAYS, 0))
    ] = whole_number(0, HISTORY_MAX_DAYS, "d")
    return probatio.Schema(fields)


def _told(told: Mapping[str, str]) -> dict[Any, Any]:
    """Return fields that are only read."""
    return {
        probatio.Optional(key, default=names): _READ_ONLY for key, names in told.items()
    }
