"""What the dialogs ask for."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_PASSWORD, CONF_TOKEN
from homeassistant.data_entry_flow import section
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
    URL,
    several,
    whole_number,
)
from .api import hosts
from .const import (
    CONF_ALLOW_CONTROL,
    CONF_EXPERIMENTAL,
    CONF_HISTORY_DAYS,
    CONF_PLANTS,
    CONF_POLL_MINUTES,
    CONF_REGION,
    CONF_USER_AGENT,
    CONF_USER_NAME,
    HISTORY_MAX_DAYS,
    POLL_MINUTES,
    REGION_AUTOMATIC,
)

_USER_NAME = TextSelector(TextSelectorConfig(autocomplete="username"))


def token_form(shown: Mapping[str, Any]) -> probatio.Schema:
    """Ask for the token and its server; ``shown`` is what was entered before."""
    return probatio.Schema(
        {probatio.Required(CONF_TOKEN): PASSWORD, **_server_fields(shown)}
    )


def login_form(shown: Mapping[str, Any]) -> probatio.Schema:
    """Ask for user name, password and their server."""
    return probatio.Schema(
        {
            probatio.Required(
                CONF_USER_NAME,
                description={"suggested_value": shown.get(CONF_USER_NAME)},
            ): _USER_NAME,
            probatio.Required(CONF_PASSWORD): PASSWORD,
            **_server_fields(shown),
        }
    )


def secret_form(field: str) -> probatio.Schema:
    """Ask for a new token or password alone."""
    return probatio.Schema({probatio.Required(field): PASSWORD})


def plants_form(plants: Mapping[str, str]) -> probatio.Schema:
    """Ask which plants (name by id) are served; all are suggested."""
    return probatio.Schema(
        {probatio.Required(CONF_PLANTS, default=list(plants)): several(plants)}
    )


def options_form(
    options: Mapping[str, Any],
    plants: Mapping[str, str],
    served: list[str],
    *,
    login: bool,
    experimental: bool,
) -> probatio.Schema:
    """Ask for what may be tuned; with a ``login`` also how often it is used.

    ``experimental``: also whether to write what nobody has proved.
    """
    fields: dict[Any, Any] = {
        probatio.Required(
            CONF_ALLOW_CONTROL, default=options.get(CONF_ALLOW_CONTROL, True) is True
        ): BooleanSelector()
    }
    if login:
        minutes = options.get(CONF_POLL_MINUTES)
        default = minutes if minutes in POLL_MINUTES else POLL_MINUTES[0]
        fields[probatio.Required(CONF_POLL_MINUTES, default=str(default))] = (
            SelectSelector(
                SelectSelectorConfig(
                    options=[str(minutes) for minutes in POLL_MINUTES],
                    mode=SelectSelectorMode.LIST,
                    translation_key=CONF_POLL_MINUTES,
                )
            )
        )
    if experimental:
        chosen = options.get(CONF_EXPERIMENTAL) is True
        field = probatio.Required(CONF_EXPERIMENTAL, default=chosen)
        fields[field] = BooleanSelector()
    if len(plants) > 1:
        fields[probatio.Required(CONF_PLANTS, default=served)] = several(plants)
    fields[
        probatio.Required(CONF_HISTORY_DAYS, default=options.get(CONF_HISTORY_DAYS, 0))
    ] = whole_number(0, HISTORY_MAX_DAYS, "d")
    return probatio.Schema(fields)


def _server_fields(shown: Mapping[str, Any]) -> dict[Any, Any]:
    """Return the region, and what only experts change."""
    expert = shown.get(SECTION_EXPERT) or {}
    return {
        probatio.Required(
            CONF_REGION, default=shown.get(CONF_REGION) or REGION_AUTOMATIC
        ): SelectSelector(
            SelectSelectorConfig(
                options=[REGION_AUTOMATIC, *(host.key for host in hosts.HOSTS)],
                mode=SelectSelectorMode.DROPDOWN,
                translation_key=CONF_REGION,
            )
        ),
        probatio.Required(SECTION_EXPERT): section(
            probatio.Schema(
                {
                    probatio.Optional(
                        CONF_SERVER_URL,
                        description={"suggested_value": expert.get(CONF_SERVER_URL)},
                    ): URL,
                    probatio.Optional(
                        CONF_USER_AGENT,
                        description={"suggested_value": expert.get(CONF_USER_AGENT)},
                    ): TextSelector(),
                }
            ),
            {"collapsed": True},
        ),
    }
