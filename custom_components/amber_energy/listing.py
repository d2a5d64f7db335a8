"""What the account's list says of a site, and so how often the site is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from . import driver
from ._vendor.core.client.decode import integer, mappings
from ._vendor.core.client.errors import ApiError
from ._vendor.core.ha.coordinator import BundleCoordinator, Document, Reachability
from .connection import SITES_DOCUMENT, Connection
from .const import (
    DOMAIN,
    MISSING_LISTS,
    NAME,
    SITES_AGAIN,
    SITES_INTERVAL,
    SITES_MAX_AGE,
    SITES_REUSE,
)
from .driver import Site, Sites
from .issues import Issues
from .polling import REFUSALS
from .token_watch import token_worked

_SOON = timedelta(seconds=1)


class Supply(StrEnum):
    """What Amber has for a site."""

    ACTIVE = "active"
    PENDING = "pending"  # the transfer to Amber is under way
    CLOSED = "closed"
    GONE = "gone"  # the account does not list it any more


class Listing:
    """Reads the list once a day and follows what it says of one site.

    When the supply becomes another one the entry is loaded anew, as nearly all that is
    done depends on it.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry[Any],
        connection: Connection,
        site_id: str,
        *,
        reachability: Reachability,
        changed: Callable[[], None],
    ) -> None:
        """Prepare; nothing is read yet. ``changed`` is called after each reading."""
        self.supply = Supply.ACTIVE
        self._hass, self._entry = hass, entry
        self._connection, self._site_id = connection, site_id
        self._changed = changed
        self._issues = Issues(hass, entry)
        self._followed: Sites | None = None
        self._known = False
        self._missing = 0
        self._running = False
        self._cancel: CALLBACK_TYPE | None = None
        self.sites: BundleCoordinator[Sites] = BundleCoordinator(
            hass,
            entry,
            domain=DOMAIN,
            document=Document(
                key=SITES_DOCUMENT,
                label="sites",
                interval=SITES_INTERVAL,
                max_age=lambda _: SITES_MAX_AGE,
                fetch=connection.client.list_sites,
                decode=self._decode,
                refusals=REFUSALS,
            ),
            account=connection.account,
            reachability=reachability,
            device=f"{NAME} account",
            on_error=self._answered,
        )

    @property
    def site(self) -> Site | None:
        """The site as it was last listed; None if it never was."""
        return self.sites.data.sites.get(self._site_id) if self.sites.known else None

    async def async_start(self) -> None:
        """Read the list, unless it was just read, and go on following it.

        One that was read in the last days serves too if Amber does not answer now: the
        prices need no newer one. Raises what a coordinator's first refresh raises.
        """
        self._known, self._missing = self._was_known(), self._noted_missing()
        anew = not self._restored() and await self._read_first()
        self._known |= self.site is not None
        self._count(anew=anew)
        self._followed = self.sites.data
        self.supply = self._supply_now()
        self._tell()
        self._running = True
        self._entry.async_on_unload(self.sites.async_add_listener(self._read))
        self._entry.async_on_unload(self._stop)
        if self._missing or not self.sites.last_update_success:
            self.read_again()

    @callback
    def read_again(self, *, at_once: bool = False) -> None:
        """Have the list read again soon, once for however many reasons.

        ``at_once`` unless it was just read.
        """
        if self._cancel is not None or not self._running:
            return
        wait = SITES_AGAIN
        if at_once and (observed_at := self.sites.observed_at) is not None:
            wait = max(SITES_AGAIN - (dt_util.utcnow() - observed_at), _SOON)

        async def read(_now: datetime) -> None:
            self._cancel = None
            await self.sites.async_refresh()
            if not self.sites.last_update_success:
                self.read_again()

        self._cancel = async_call_later(
            self._hass, wait, HassJob(read, cancel_on_shutdown=True)
        )

    def _restored(self) -> bool:
        """Take over a list that was read a moment ago, perhaps for another site."""
        stored = self._connection.account.documents.get(SITES_DOCUMENT)
        known = self.sites.restore()
        return (
            known
            and stored is not None
            and dt_util.utcnow() - stored.received_at < SITES_REUSE
        )

    async def _read_first(self) -> bool:
        """Read the list; return False if an earlier one has to serve."""
        try:
            await self.sites.async_config_entry_first_refresh()
        except ConfigEntryNotReady:
            if not self.sites.fresh:
                raise
            return False
        return True

    def _was_known(self) -> bool:
        """Tell whether anything is remembered of the site."""
        account = self._connection.account
        stored = account.documents.get(SITES_DOCUMENT)
        listed = mappings(stored.raw) if stored is not None else []
        return any(item.get("id") == self._site_id for item in listed) or any(
            key.startswith(f"{self._site_id}/") for key in account.notes
        )

    @property
    def _note(self) -> str:
        return f"{self._site_id}/missing_lists"

    def _noted_missing(self) -> int:
        """Return in how many lists in a row the site was missing."""
        noted = self._connection.account.notes.get(self._note)
        return integer(noted, low=0, high=MISSING_LISTS) or 0

    @callback
    def _count(self, *, anew: bool) -> None:
        """Note whether the site is missing in the list, which was read ``anew``."""
        if self.site is not None:
            self._missing = 0
        elif not self._known:
            self._missing = MISSING_LISTS
        else:
            self._missing = min(max(1, self._missing + anew), MISSING_LISTS)
        self._connection.account.note(self._note, self._missing or None)

    @callback
    def token_worked(self) -> None:
        """Read the list again if it is not read any more, as the token was refused."""
        refused = isinstance(self.sites.last_exception, ConfigEntryAuthFailed)
        if refused and not self.sites.last_update_success:
            self.read_again()

    @callback
    def _answered(self, err: ApiError | None) -> None:
        if err is None:
            token_worked(self._hass, self._entry)

    def _decode(self, raw: Any, received_at: datetime) -> Sites:
        sites = driver.sites(raw, received_at)
        for site in sites.sites.values():
            self._connection.hide(site.id, site.nmi)
        return sites

    def _supply_now(self) -> Supply:
        if (site := self.site) is None:
            # One list may be wrong
            return Supply.GONE if self._missing >= MISSING_LISTS else self.supply
        # What has no known status is asked for prices: they tell.
        return Supply(site.status.value) if site.status else Supply.ACTIVE

    @callback
    def _read(self) -> None:
        """Follow a list, if it is one that was really read."""
        if self.sites.last_update_success and self._followed is not self.sites.data:
            self._followed = self.sites.data
            self._follow()
        self._changed()

    @callback
    def _follow(self) -> None:
        self._count(anew=True)
        if self._missing:
            self.read_again()
        if self._supply_now() is self.supply:
            self._tell()
        else:
            self._hass.config_entries.async_schedule_reload(self._entry.entry_id)

    @callback
    def _tell(self) -> None:
        """Say what is the matter with the site."""
        site = self.site
        match self.supply:
            case Supply.ACTIVE:
                self._issues.site(None)
            case Supply.PENDING:
                day = site.active_from if site else None
                self._issues.site(
                    "site_pending" if day else "site_pending_soon", day=day
                )
            case Supply.CLOSED:
                self._issues.site("site_closed", day=site.closed_on if site else None)
            case Supply.GONE:
                self._issues.site("site_gone")

    @callback
    def _stop(self) -> None:
        self._running = False
        if self._cancel is not None:
            self._cancel()
            self._cancel = None
