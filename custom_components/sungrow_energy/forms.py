"""What the dialogs ask for."""

from collections.abc import Mapping, Sequence
from typing import Any

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
from .api.regions import REGIONS
from .const import (
    CONF_ALLOW_CONTROL,
    CONF_APP_KEY,
    CONF_APPLICATION_ID,
    CONF_HISTORY_DAYS,
    CONF_PASSWORD,
    CONF_PLANTS,
    CONF_POLL_SECONDS,
    CONF_PUBLIC_KEY,
    CONF_REDIRECT_URI,
    CONF_REGION,
    CONF_SECRET,
    CONF_USER_NAME,
    CONF_WEB_URL,
    HISTORY_MAX_DAYS,
    POLL_SECONDS,
    POLL_SECONDS_MAX,
    POLL_SECONDS_MIN,
)

CONF_ADDRESS = "address"
CONF_NEXT = "next"

_TEXT = TextSelector(TextSelectorConfig(autocomplete="off"))
_USER_NAME = TextSelector(TextSelectorConfig(autocomplete="username"))
_REGION = SelectSelector(
    SelectSelectorConfig(
        options=[region.key for region in REGIONS],
        mode=SelectSelectorMode.DROPDOWN,
        translation_key=CONF_REGION,
    )
)


def oauth_form(shown: Mapping[str, Any], redirects: Sequence[str]) -> probatio.Schema:
    """Ask for an application and the redirect URL that it has.

    ``shown`` is what was entered before.
    """
    return probatio.Schema(
        {
            _region(shown): _REGION,
            _suggested(CONF_APPLICATION_ID, shown): _TEXT,
            **_application(shown),
            **_redirect(shown, redirects),
            **_expert(shown, CONF_SERVER_URL, CONF_WEB_URL, CONF_PUBLIC_KEY),
        }
    )


def login_form(shown: Mapping[str, Any]) -> probatio.Schema:
    """Ask for an application without OAuth2, user name and password; as above."""
    return probatio.Schema(
        {
            _region(shown): _REGION,
            **_application(shown),
            _suggested(CONF_USER_NAME, shown): _USER_NAME,
            probatio.Required(CONF_PASSWORD): PASSWORD,
            **_expert(shown, CONF_SERVER_URL, CONF_PUBLIC_KEY),
        }
    )


def reauth_form(
    shown: Mapping[str, Any], redirects: Sequence[str], *, login: bool
) -> probatio.Schema:
    """Ask for the keys of the same application, and for a ``login`` the password."""
    fields = _application(shown, keep=True)
    if login:
        fields[probatio.Required(CONF_PASSWORD)] = PASSWORD
        return probatio.Schema(fields)
    return probatio.Schema({**fields, **_redirect(shown, redirects)})


def paste_form() -> probatio.Schema:
    """Ask for the address that the browser ended at."""
    return probatio.Schema({probatio.Required(CONF_ADDRESS): _TEXT})


def retry_form(ways: list[str]) -> probatio.Schema:
    """Ask how to go on after something went wrong; the first way is suggested."""
    return probatio.Schema(
        {
            probatio.Required(CONF_NEXT, default=ways[0]): SelectSelector(
                SelectSelectorConfig(
                    options=ways,
                    mode=SelectSelectorMode.LIST,
                    translation_key=CONF_NEXT,
                )
            )
        }
    )


def plants_form(plants: Mapping[str, str], chosen: list[str]) -> probatio.Schema:
    """Ask which plants (name by id) are served."""
    return probatio.Schema(
        {probatio.Required(CONF_PLANTS, default=chosen): several(plants)}
    )


def options_form(
    options: Mapping[str, Any], plants: Mapping[str, str], served: list[str]
) -> probatio.Schema:
    """Ask for what may be tuned."""
    fields: dict[Any, Any] = {
        probatio.Required(
            CONF_ALLOW_CONTROL, default=options.get(CONF_ALLOW_CONTROL) is True
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


def _suggested(key: str, shown: Mapping[str, Any]) -> probatio.Required:
    return probatio.Required(key, description={"suggested_value": shown.get(key)})


def _region(shown: Mapping[str, Any]) -> probatio.Required:
    known = {region.key for region in REGIONS}
    key = shown.get(CONF_REGION)
    return probatio.Required(CONF_REGION, default=key if key in known else "eu")


def _application(shown: Mapping[str, Any], *, keep: bool = False) -> dict[Any, Any]:
    """Return app key and secret; ``keep``: without another secret it stays."""
    marker = probatio.Optional if keep else probatio.Required
    return {
        _suggested(CONF_APP_KEY, shown): _TEXT,
        marker(CONF_SECRET): PASSWORD,
    }


def _redirect(shown: Mapping[str, Any], redirects: Sequence[str]) -> dict[Any, Any]:
    """Return the choice of redirect URLs, with the one that was chosen before."""
    before = shown.get(CONF_REDIRECT_URI)
    options = list(dict.fromkeys([*redirects, *([before] if before else [])]))
    default = before or (options[0] if options else probatio.UNDEFINED)
    return {
        probatio.Required(CONF_REDIRECT_URI, default=default): SelectSelector(
            SelectSelectorConfig(
                options=options, custom_value=True, mode=SelectSelectorMode.DROPDOWN
            )
        )
    }


def _expert(shown: Mapping[str, Any], *keys: str) -> dict[Any, Any]:
    """Return what only experts change."""
    fields: dict[Any, Any] = {
        probatio.Optional(key, description={"suggested_value": shown.get(key)}): (
            TextSelector(TextSelectorConfig(multiline=True))
            if key == CONF_PUBLIC_KEY
            else URL
        )
        for key in keys
    }
    return {
        probatio.Required(SECTION_EXPERT): section(
            probatio.Schema(fields), {"collapsed": True}
        )
    }
