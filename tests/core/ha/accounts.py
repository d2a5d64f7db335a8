"""Accounts that are closed and opened again."""

from collections.abc import Callable, Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from core.client.budget import Budget, Rule
from core.client.clock import SystemClock
from core.client.redact import Redactor
from core.ha.account import Account

from .home import DOMAIN

type Get = Callable[[], Coroutine[Any, Any, Account]]


def new_account() -> Account:
    budget = Budget([Rule(limit=100, window=3600)], clock=SystemClock())
    return Account(budget=budget, redactor=Redactor())


async def restart(hass: HomeAssistant) -> None:
    """Forget what is in memory; the disk stays."""
    hass.data.pop(f"{DOMAIN}.accounts")
