"""What the dialogs ask for."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_HOST, CONF_PORT, CONF_TOKEN
from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import probatio

from ._vendor.core.ha.flow import PASSWORD, SECTION_EXPERT
from .const import CONF_HTTPS, CONF_SERIAL, DEFAULT_PORT

__all__ = ["SECTION_EXPERT", "battery_form", "confirm_form", "token_form"]

_PORT = NumberSelector(
    NumberSelectorConfig(min=1, max=65535, step=1, mode=NumberSelectorMode.BOX)
)


def battery_form(shown: Mapping[str, Any], *, token_known: bool = False) -> Any:
    """Ask for everything; ``token_known`` if it may be left as it is."""
    token = probatio.Optional if token_known else probatio.Required
    return probatio.Schema(
        {
            probatio.Required(
                CONF_HOST, description={"suggested_value": shown.get(CONF_HOST)}
            ): TextSelector(),
            **_port(shown),
            token(CONF_TOKEN): PASSWORD,
            probatio.Optional(
                CONF_SERIAL, description={"suggested_value": shown.get(CONF_SERIAL)}
            ): TextSelector(),
            **_expert(shown),
        }
    )


def confirm_form(shown: Mapping[str, Any]) -> Any:
    """Ask for what a discovery does not tell."""
    return probatio.Schema(
        {probatio.Required(CONF_TOKEN): PASSWORD, **_port(shown), **_expert(shown)}
    )


def token_form() -> Any:
    """Ask for the token only."""
    return probatio.Schema({probatio.Required(CONF_TOKEN): PASSWORD})


def _port(shown: Mapping[str, Any]) -> dict[Any, Any]:
    port = shown.get(CONF_PORT, DEFAULT_PORT)
    return {probatio.Required(CONF_PORT, default=port): _PORT}


def _expert(shown: Mapping[str, Any]) -> dict[Any, Any]:
    https = (shown.get(SECTION_EXPERT) or shown).get(CONF_HTTPS) is True
    return {
        probatio.Required(SECTION_EXPERT): section(
            probatio.Schema(
                {probatio.Required(CONF_HTTPS, default=https): BooleanSelector()}
            ),
            {"collapsed": True},
        )
    }
