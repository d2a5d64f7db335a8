"""A config entry at run time: one site with its prices and its usage."""

from collections.abc import Coroutine, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_TOKEN
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.event import async_track_time_interval

from ._vendor.core.client.clock import SystemClock
from ._vendor.core.client.decode import text
from ._vendor.core.client.errors import ApiError, UnsupportedError
from ._vendor.core.ha.coordinator import BundleCoordinator, Reachability
from .api.client import DEFAULT_URL
from .api.stream import AmberStream
from .connection import Connection
from .const import (
    CONF_BASE_URL,
    CONF_SITE_ID,
    CONF_STATE,
    DOMAIN,
    NAME,
    PENDING_INTERVAL,
    PORTAL_URL,
)
from .driver import Channel, Renewables, Site, Sites
from .feed import PriceFeed
from .listing import Listing, Supply
from .renewables import build_renewables
from .settings import LocalSettings
from .states import STATES, suggest_state
from .token_watch import token_worked
from .usage.keeper import UsageKeeper

type AmberConfigEntry = ConfigEntry[AmberSite]

_INTERVAL_LENGTH = 30  # the documented default (reference section 3.1)


class AmberSite:
    """One site of an account; there may be others on the same connection."""

    def __init__(
        self, hass: HomeAssistant, entry: AmberConfigEntry, connection: Connection
    ) -> None:
        """Prepare what is read; nothing is yet."""
        self.hass, self.entry, self.connection = hass, entry, connection
        self.site_id: str = entry.data[CONF_SITE_ID]
        connection.hide(self.site_id)
        self.account, self.limits = connection.account, connection.limits
        self.client = connection.client.for_site(self.site_id)
        self.clock = SystemClock()
        self.reachability = Reachability(f"{NAME} account")
        self._listeners: list[CALLBACK_TYPE] = []
        # The channels that are known, and what they were found in
        self._channels: list[Channel] = []
        self._made_of: tuple[object, object] = (self, self)
        self.settings = LocalSettings(hass, entry, self._settings_changed)
        self.listing = Listing(
            hass,
            entry,
            connection,
            self.site_id,
            reachability=self.reachability,
            changed=self.tell,
        )
        self.prices = PriceFeed(
            hass,
            entry,
            site_id=self.site_id,
            client=self.client,
            account=self.account,
            limits=self.limits,
            settings=self.settings.publishing,
            interval_length=lambda: self.interval_length,
            share=lambda: connection.share,
            reachability=self.reachability,
            clock=self.clock,
            on_error=self._prices_answered,
            stream=AmberStream(
                async_get_clientsession(hass),
                entry.data[CONF_TOKEN],
                self.site_id,
                base_url=entry.data.get(CONF_BASE_URL, DEFAULT_URL),
            ),
            websocket=lambda: self.settings.websocket,
        )
        self.usage = UsageKeeper(
            hass,
            entry,
            site_id=self.site_id,
            client=self.client,
            account=self.account,
            limits=self.limits,
            clock=self.clock,
            name=lambda: entry.title,
            site=lambda: self.site,
            settings=lambda: self.settings,
        )
        self.renewables: Mapping[str, BundleCoordinator[Renewables]] = build_renewables(
            self
        )

    @property
    def sites(self) -> BundleCoordinator[Sites]:
        """The sites of the account."""
        return self.listing.sites

    @property
    def site(self) -> Site | None:
        """The site as it was last listed; None if it never was."""
        return self.listing.site

    @property
    def supply(self) -> Supply:
        """What Amber has for the site."""
        return self.listing.supply

    @property
    def interval_length(self) -> int:
        """Length of a billing interval in minutes, 5 or 30; it may change."""
        site = self.site
        return (site.interval_length if site else None) or _INTERVAL_LENGTH

    @property
    def state(self) -> str | None:
        """The state whose renewables are the site's; None if there are none of it."""
        if (chosen := text(self.entry.options.get(CONF_STATE))) in STATES:
            return chosen
        return suggest_state(self.site.network) if self.site else None

    @property
    def channels(self) -> list[Channel]:
        """The channels that the site has or ever had, in the order of ``Channel``.

        Each entity asks for them several times for each answer.
        """
        site, prices = self.site, self.prices.data if self.prices.known else None
        if site is not self._made_of[0] or prices is not self._made_of[1]:
            self._channels, self._made_of = self._find_channels(), (site, prices)
        return self._channels

    def _find_channels(self) -> list[Channel]:
        noted = self.account.notes.get(self._channels_note)
        seen = {str(item) for item in noted} if isinstance(noted, list) else set()
        now = {item.channel for item in self.site.channels} if self.site else set()
        if self.prices.known:
            now |= set(self.prices.data.channels)
        if not {channel.value for channel in now} <= seen:
            seen |= {channel.value for channel in now}
            self.account.note(self._channels_note, sorted(seen))
        return [channel for channel in Channel if channel.value in seen]

    @property
    def coordinators(self) -> list[BundleCoordinator[Any]]:
        """All documents of the site."""
        return [self.sites, self.prices, *self.renewables.values()]

    @property
    def device_info(self) -> DeviceInfo:
        """Describe the site to the device registry."""
        return DeviceInfo(
            identifiers={(DOMAIN, self.site_id)},
            name=self.entry.title,
            manufacturer=NAME,
            model=self.site.network if self.site else None,
            entry_type=DeviceEntryType.SERVICE,
            configuration_url=PORTAL_URL,
        )

    @property
    def device_serials(self) -> set[str]:
        """Identifiers of the devices that are not left over."""
        return {self.site_id}

    async def async_start(self) -> None:
        """Read the list of sites and the prices; the rest follows.

        Raises what a coordinator's first refresh raises; not for a site of which there
        are no prices yet or any more.
        """
        await self.listing.async_start()
        self.entry.async_on_unload(self.prices.async_add_listener(self.tell))
        self.entry.async_on_unload(self.usage.async_listen(self.tell))
        if self.supply is Supply.ACTIVE:
            sites = self.connection.sites
            sites.add(self.site_id)
            self.entry.async_on_unload(partial(sites.discard, self.site_id))
            await self.prices.async_start()
        elif self.supply is Supply.PENDING:
            self._in_background(self._look_for_prices(), "first prices")
            self.entry.async_on_unload(
                async_track_time_interval(
                    self.hass,
                    self._look_for_prices,
                    PENDING_INTERVAL,
                    cancel_on_shutdown=True,
                )
            )

    async def async_begin_usage(self) -> None:
        """Begin to import usage, once the entities are there that show it."""
        if self.supply is not Supply.GONE:
            await self.usage.async_start()

    @callback
    def async_listen(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call after each change: there may be something new to show."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def tell(self) -> None:
        """Call the listeners."""
        for listener in list(self._listeners):
            listener()

    @property
    def _channels_note(self) -> str:
        return f"{self.site_id}/channels"

    @callback
    def _prices_answered(self, err: ApiError | None) -> None:
        if err is None:
            token_worked(self.hass, self.entry)
            self.listing.token_worked()
        elif err.reason == "not_found":
            self.listing.read_again(at_once=True)

    async def _look_for_prices(self, _now: datetime | None = None) -> None:
        """Ask a site that is not supplied yet; that it has no prices is no trouble."""
        try:
            await self.prices.async_refresh_now()
        except HomeAssistantError as err:
            if isinstance(err.__cause__, UnsupportedError):
                self.reachability.forget(self.prices.document.key)
            return
        if self.prices.known and self.prices.fresh:
            self.listing.read_again(at_once=True)  # it seems to be active

    @callback
    def _settings_changed(self) -> None:
        self.prices.settings_changed()
        self.tell()

    def _in_background(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.entry.async_create_background_task(self.hass, work, f"{DOMAIN} {name}")
