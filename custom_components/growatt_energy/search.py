"""A look for an account that goes on when somebody leaves the dialog.

The list of plants may be asked for once in five minutes (reference section 5.2): whoever
left in the midst of it would else be told to wait that long.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .connection import Credentials
from .const import DOMAIN
from .discovery import Found, async_find

_LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """What was begun, and when."""

    credentials: Credentials
    automatic: bool
    begun: datetime
    task: asyncio.Task[Found]

    def serves(self, credentials: Credentials, *, automatic: bool) -> bool:
        """Tell whether this is what somebody wants now; the agent is made up anew."""
        wanted = replace(credentials, user_agent=self.credentials.user_agent)
        young = dt_util.utcnow() - self.begun < _LIFE
        return young and (wanted, automatic) == (self.credentials, self.automatic)


_SEARCH: HassKey[_Search] = HassKey(f"{DOMAIN}.search")


async def async_search(
    hass: HomeAssistant, credentials: Credentials, *, automatic: bool
) -> Found:
    """Return what ``async_find`` does; what nobody waited for serves the next try."""
    search = hass.data.get(_SEARCH)
    if search is None or not search.serves(credentials, automatic=automatic):
        task = hass.async_create_background_task(
            async_find(hass, credentials, automatic=automatic), "growatt search"
        )
        task.add_done_callback(_notice)
        search = hass.data[_SEARCH] = _Search(
            credentials=credentials,
            automatic=automatic,
            begun=dt_util.utcnow(),
            task=task,
        )
    try:
        # It goes on if this is cancelled
        await asyncio.wait([search.task])
        return search.task.result()
    finally:
        if search.task.done() and hass.data.get(_SEARCH) is search:
            del hass.data[_SEARCH]


def _notice(task: asyncio.Task[Found]) -> None:
    """Take an error that nobody waits for, so that asyncio does not complain."""
    if not task.cancelled():
        task.exception()
