"""The one connection to an account, shared by its entry and its flows."""

from datetime import date, tzinfo
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from ._vendor.core.client.budget import Budget, Rule
from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import text
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, async_account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from .api.auth import Signer
from .api.client import DEFAULT_URL, AlphaEssClient
from .const import (
    CONF_APP_ID,
    CONF_APP_SECRET,
    CONF_BASE_URL,
    CONF_TIME_ZONE,
    DOMAIN,
    HOURLY_LIMIT,
    MIN_GAP,
    WRITE_RESERVE,
)

SITES_DOCUMENT = "sites"


async def async_connect(
    hass: HomeAssistant, app_id: str, app_secret: str, base_url: str = DEFAULT_URL
) -> tuple[Account, AlphaEssClient]:
    """Return what the account remembers, and a client that keeps to its budget."""

    clock = SystemClock()

    def make() -> Account:
        def changed() -> None:
            made.touch()

        made = Account(
            budget=Budget(
                [Rule(limit=HOURLY_LIMIT, window=3600, reserve=WRITE_RESERVE)],
                clock=clock,
                min_gap=MIN_GAP,
                on_change=changed,
                day=_today,
            ),
            redactor=Redactor(),
        )
        return made

    account = await async_account(hass, DOMAIN, app_id, make)
    account.redactor.add(app_id, "**app id**")
    account.redactor.add(app_secret, "**app secret**")
    client = AlphaEssClient(
        HttpClient(
            async_get_clientsession(hass),
            base_url,
            budget=account.budget,
            clock=clock,
            redact=account.redactor.text,
        ),
        Signer(app_id, app_secret),
        budget=account.budget,
        clock=clock,
        redact=account.redactor.text,
    )
    return account, client


async def async_connect_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> tuple[Account, AlphaEssClient]:
    """Connect with what the entry holds; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    app_id, app_secret = (
        text(entry.data.get(key)) for key in (CONF_APP_ID, CONF_APP_SECRET)
    )
    if app_id is None or app_secret is None:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    try:
        base_url = server_url(text(entry.data.get(CONF_BASE_URL)), DEFAULT_URL)
    except InvalidServerUrl as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_server_url"
        ) from err
    return await async_connect(hass, app_id, app_secret, base_url)


async def async_time_zone(entry: ConfigEntry[Any]) -> tzinfo:
    """Return the zone of the option; that of Home Assistant if there is none."""
    if (key := text(entry.options.get(CONF_TIME_ZONE))) is not None:
        try:
            zone = await dt_util.async_get_time_zone(key)
        except ValueError:  # a path instead of a name
            zone = None
        if zone is not None:
            return zone
    return dt_util.get_default_time_zone()


def _today() -> date:
    return dt_util.now().date()
