"""The bundled integrations of one Home Assistant: what they are, and their placing."""

import asyncio
from collections.abc import Collection
import logging
from pathlib import Path

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.singleton import singleton
from homeassistant.loader import async_get_custom_components

from .const import DOMAIN
from .installer import Installer, NotPlacedError, Vendor
from .memory import async_forget, async_forget_failure, is_loaded

FOLDER = Path(__file__).parent

_LOGGER = logging.getLogger(__name__)


class Hub:
    """Does the file work, one job at a time, and tells Home Assistant of it."""

    def __init__(self, hass: HomeAssistant, folder: Path) -> None:
        """Work on the folder in which the hub's own folder is."""
        self.hass = hass
        self.last_action: dict[str, str] = {}
        self.stale: set[str] = set()  # their code was loaded before it was exchanged
        self.failure: str | None = None  # why the last placing was not complete
        self._installer = Installer(folder.parent, folder / "integrations")
        self._lock = asyncio.Lock()

    async def look(self) -> list[Vendor]:
        """Return all vendors of the bundle, none if there is no payload."""
        async with self._lock:
            return await self.hass.async_add_executor_job(self._installer.look)

    def entries(self, domain: str) -> list[ConfigEntry]:
        """Return what people have set up of a vendor."""
        return self.hass.config_entries.async_entries(domain, include_ignore=False)

    def in_use(self, domains: Collection[str]) -> list[str]:
        """Return the vendors that somebody has set up, or is about to."""
        flows = self.hass.config_entries.flow
        return [
            domain
            for domain in domains
            if self.entries(domain) or flows.async_progress_by_handler(domain)
        ]

    async def bring(self, ticked: Collection[str]) -> None:
        """Place what is ticked and not busy, and have it found; OSError if it fails."""
        async with self._lock:
            loaded = {domain for domain in ticked if is_loaded(domain)}
            in_use = {domain for domain in ticked if self.entries(domain)}

            def is_busy(domain: str) -> bool:
                return domain in in_use or is_loaded(domain)

            placed: list[str] = []
            self.failure = None
            try:
                placed = await self.hass.async_add_executor_job(
                    lambda: self._installer.bring(ticked, is_busy=is_busy)
                )
            except OSError as err:
                self.failure = str(err)
                if isinstance(err, NotPlacedError):
                    placed = err.placed
                raise
            finally:
                await self._changed("placed", placed)
                found = await async_get_custom_components(self.hass)
                self.stale.update(loaded.intersection(placed), {*placed} - {*found})
                for domain in {*placed} - self.stale:
                    wake = self._wake(domain)
                    self.hass.async_create_task(wake, f"{DOMAIN} {domain}")

    async def bring_at_stop(
        self, ticked: Collection[str], put_back: Collection[str]
    ) -> None:
        """Exchange what Home Assistant does not need any more."""
        async with self._lock:
            placed = await self.hass.async_add_executor_job(
                lambda: self._installer.bring(ticked, put_back=put_back, stopping=True)
            )
            self._note("placed", placed)

    async def remove(self, domains: Collection[str]) -> list[str]:
        """Delete folders of ours; return which are kept, as they came to be in use."""
        kept: list[str] = []
        removed: list[str] = []
        remove = self._installer.remove
        async with self._lock:
            try:
                for domain in domains:
                    if self.in_use([domain]):
                        kept.append(domain)
                    elif await self.hass.async_add_executor_job(remove, domain):
                        removed.append(domain)
            finally:
                await self._changed("removed", removed)
        return kept

    async def _changed(self, action: str, domains: Collection[str]) -> None:
        """Have Home Assistant look at folders anew."""
        self._note(action, domains)
        if domains:
            await async_forget(self.hass, domains)

    def _note(self, action: str, domains: Collection[str]) -> None:
        for domain in domains:
            self.last_action[domain] = action
            _LOGGER.info("%s was %s", domain, action)

    async def _wake(self, domain: str) -> None:
        """Set up entries that could not be, as their integration was not there."""
        await async_forget_failure(self.hass, domain)
        issue = f"integration_not_found.{domain}"
        ir.async_delete_issue(self.hass, HOMEASSISTANT_DOMAIN, issue)
        for entry in self.entries(domain):
            if entry.state is ConfigEntryState.NOT_LOADED and not entry.disabled_by:
                await self.hass.config_entries.async_reload(entry.entry_id)


@singleton(DOMAIN)
def async_hub(hass: HomeAssistant) -> Hub:
    """Return the one hub, so that a dialog and an entry never work at once."""
    return Hub(hass, FOLDER)
