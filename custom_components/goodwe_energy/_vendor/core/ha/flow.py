"""What every config flow needs: the rule for server addresses, error texts."""

from collections.abc import Mapping
from ipaddress import ip_address
from socket import inet_aton
from typing import Any
from urllib.parse import urlsplit

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import section
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.selector import (
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)
import probatio
import yarl

CONF_SERVER_URL = "server_url"
SECTION_EXPERT = "expert"

# Names that no server on the internet has; ".box" is a router's, others are reserved.
_HOME_DOMAINS = (
    ".fritz.box",
    ".home.arpa",
    ".internal",
    ".lan",
    ".local",
    ".localhost",
)
_NOT_IN_URLS = frozenset(' \\"<>^`{|}')

URL = TextSelector(TextSelectorConfig(type=TextSelectorType.URL, autocomplete="off"))
PASSWORD = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)


class InvalidServerUrl(ValueError):
    """The address cannot be used; the argument is the key of the form's error."""


def server_url(value: str | None, default: str) -> str:
    """Return the address of the vendor's API, without a slash at its end.

    Secrets go there, so plain http is only for private and loopback addresses.
    """
    value = (value or "").strip()
    if not value:
        return default
    # urlsplit leaves some of these out without a word, other parsers raise
    if not value.isprintable() or not _NOT_IN_URLS.isdisjoint(value):
        raise InvalidServerUrl("invalid_url")
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
        _ = parts.port
        # As the client takes it: labels can be empty, too long or no IDNA
        usable = bool(yarl.URL(value).host)
    except ValueError as err:
        raise InvalidServerUrl("invalid_url") from err
    if (
        parts.scheme not in {"http", "https"}
        or not host
        or not usable
        or parts.username is not None
        or parts.query
        or parts.fragment
    ):
        raise InvalidServerUrl("invalid_url")
    if parts.scheme == "http" and not _at_home(host):
        raise InvalidServerUrl("url_not_https")
    return value.rstrip("/")


def _at_home(host: str) -> bool:
    if host == "localhost" or host.endswith(_HOME_DOMAINS):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        try:
            # 134744072 and 0x8080808 are 8.8.8.8
            address = ip_address(inet_aton(host))
        except OSError:
            return "." not in host
    return address.is_private or address.is_loopback or address.is_link_local


def expert_section(default_url: str | None = None) -> dict[Any, Any]:
    """Return the collapsed section that takes another server address."""
    return {
        probatio.Required(SECTION_EXPERT): section(
            probatio.Schema(
                {
                    probatio.Optional(
                        CONF_SERVER_URL,
                        description={"suggested_value": default_url},
                    ): URL
                }
            ),
            {"collapsed": True},
        )
    }


def expert_url(user_input: Mapping[str, Any], default: str) -> str:
    """Return the server address that a form with the expert section holds."""
    return server_url(
        (user_input.get(SECTION_EXPERT) or {}).get(CONF_SERVER_URL), default
    )


def whole_number(least: int, most: int, unit: str) -> NumberSelector:
    """Return the field for a whole number; what it gives is a float."""
    return NumberSelector(
        NumberSelectorConfig(
            min=least,
            max=most,
            step=1,
            unit_of_measurement=unit,
            mode=NumberSelectorMode.BOX,
        )
    )


def several(names: Mapping[str, str]) -> SelectSelector:
    """Return the field that lets people choose some of what there is (name by id)."""
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=key, label=name) for key, name in names.items()
            ],
            multiple=True,
            mode=SelectSelectorMode.LIST,
        )
    )


@callback
def with_served(
    hass: HomeAssistant,
    entry: ConfigEntry[Any],
    listed: Mapping[str, str],
    served: Mapping[str, tuple[str, str]],
) -> dict[str, str]:
    """Return the names by id of what is listed or is served by an entry.

    A list of the vendor may be short; only people take something away. ``served`` has
    the identifier of the device in the registry by id.
    """
    devices, names = dr.async_get(hass), dict(listed)
    for key, identifier in served.items():
        device = devices.async_get_device_by_identifier(identifier, entry.entry_id)
        known = device and (device.name_by_user or device.name)
        names.setdefault(key, known or key)
    return names
