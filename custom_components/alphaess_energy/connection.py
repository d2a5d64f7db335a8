"""The one connection to an account, shared by its entry and its flows."""

from datetime import date

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.util import dt as dt_util

from ._vendor.core.client.budget import Budget, Rule
from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.http import HttpClient
from ._vendor.core.client.redact import Redactor
from ._vendor.core.ha.account import Account, async_account
from .api.auth import Signer
from .api.client import DEFAULT_URL, AlphaEssClient
from .const import DOMAIN, HOURLY_LIMIT, MIN_GAP, WRITE_RESERVE

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


def _today() -> date:
    return dt_util.now().date()
