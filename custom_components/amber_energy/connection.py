"""The one connection of a token, shared by its entries and their flows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from ._vendor.core.client.budget import Budget, Rule
from ._vendor.core.client.clock import Clock, SystemClock
from ._vendor.core.client.decode import text
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, async_account
from ._vendor.core.ha.flow import InvalidServerUrl, server_url
from .api.client import DEFAULT_URL, AmberClient
from .api.ratelimits import (
    PRICES,
    PRICES_CURRENT,
    RENEWABLES,
    SITES_USAGE,
    RateLimits,
)
from .const import (
    CONF_BASE_URL,
    CONF_SITE_ID,
    DOMAIN,
    RENEWABLES_LIMIT,
    REQUEST_LIMIT,
    WINDOW,
)

SITES_DOCUMENT = "sites"
LIMITS_NOTE = "limits"

# Groups that share a counter at Amber (reference section 5.1)
_RULES = (
    Rule(limit=REQUEST_LIMIT, window=WINDOW, groups=frozenset({SITES_USAGE})),
    Rule(
        limit=REQUEST_LIMIT,
        window=WINDOW,
        groups=frozenset({PRICES, PRICES_CURRENT}),
    ),
    Rule(limit=RENEWABLES_LIMIT, window=WINDOW, groups=frozenset({RENEWABLES})),
)
# A slow answer of one kind must not make a confirmed price late
_LANES = (
    frozenset({SITES_USAGE}),
    frozenset({PRICES}),
    frozenset({PRICES_CURRENT}),
    frozenset({RENEWABLES}),
)


@dataclass(eq=False, repr=False)
class Connection:
    """What all entries and flows of one token at one server share."""

    account: Account
    client: AmberClient
    limits: RateLimits
    # Ids of the sites whose prices are polled now: they divide the budget
    sites: set[str] = field(default_factory=set)
    _numbers: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> int:
        """By how many the budget for prices is divided."""
        return max(1, len(self.sites))

    @callback
    def hide(self, site_id: str, nmi: str | None = None) -> None:
        """Keep a site's id and meter number out of logs and diagnostics."""
        number = self._numbers.setdefault(site_id, len(self._numbers) + 1)
        self.account.redactor.add(site_id, f"site {number}")
        self.account.redactor.add(nmi, f"NMI {number}")


_CONNECTIONS: HassKey[dict[tuple[str, str], Connection]] = HassKey(
    f"{DOMAIN}.connections"
)


def make_budget(
    clock: Clock,
    *,
    on_change: Callable[[], None] | None = None,
    day: Callable[[], date] | None = None,
) -> Budget:
    """Return a new budget with Amber's rules; the arguments are those of `Budget`."""
    return Budget(_RULES, clock=clock, on_change=on_change, day=day, lanes=_LANES)


async def async_connect(
    hass: HomeAssistant, token: str, base_url: str = DEFAULT_URL
) -> Connection:
    """Return the connection of this token; nothing is sent."""
    account = await _async_account(hass, token, base_url)
    connections = hass.data.setdefault(_CONNECTIONS, {})
    if (known := connections.get((base_url, token))) is not None:
        return known
    clock = SystemClock()
    limits = RateLimits()
    limits.restore(account.notes.get(LIMITS_NOTE))
    limits.listen(lambda: account.note(LIMITS_NOTE, limits.dump()))
    client = AmberClient(
        HttpClient(
            async_get_clientsession(hass),
            base_url,
            budget=account.budget,
            clock=clock,
            redact=account.redactor.text,
        ),
        token,
        limits=limits,
        clock=clock,
    )
    made = connections[base_url, token] = Connection(account, client, limits)
    return made


async def async_connect_entry(
    hass: HomeAssistant, entry: ConfigEntry[Any]
) -> Connection:
    """Connect with what the entry holds; it may be damaged.

    Raises ``ConfigEntryAuthFailed`` or ``ConfigEntryError``.
    """
    if (token := text(entry.data.get(CONF_TOKEN))) is None:
        raise ConfigEntryAuthFailed(
            translation_domain=DOMAIN,
            translation_key="invalid_auth",
            translation_placeholders={"detail": "-"},
        )
    if text(entry.data.get(CONF_SITE_ID)) is None:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_site"
        )
    try:
        base_url = server_url(text(entry.data.get(CONF_BASE_URL)), DEFAULT_URL)
    except InvalidServerUrl as err:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="invalid_server_url"
        ) from err
    return await async_connect(hass, token, base_url)


async def _async_account(hass: HomeAssistant, token: str, base_url: str) -> Account:
    """Return what is remembered for the token; its file is named by a hash of it."""

    def make() -> Account:
        def changed() -> None:
            made.touch()

        made = Account(
            budget=make_budget(SystemClock(), on_change=changed, day=_today),
            redactor=Redactor(),
        )
        return made

    account = await async_account(hass, DOMAIN, f"{base_url}\n{token}", make)
    account.redactor.add(token, "**token**")
    return account


def _today() -> date:
    return dt_util.now().date()
