"""What a person and HACS do with the bundle, by Home Assistant's API, and what it shows."""

import asyncio
from collections.abc import Collection
import contextlib
from typing import Any

from aiohttp import ClientError

from scripts.buildlib.bundle import HUB

from .folder import DemoError
from .hass import ENTRY_FLOW
from .house import loaded_entries
from .hub_folder import components, installed
from .hub_release import shown_code
from .process import RESTART
from .runner import Running
from .vendors import VENDORS

DOMAINS = [vendor.domain for vendor in VENDORS]
RESTART_ISSUE = "restart_required"
FIX = "/api/repairs/issues/fix"
PATIENCE = 60  # s for Home Assistant to end


class HubLife:
    """A demo whose integrations are those of the hub."""

    def __init__(self, running: Running) -> None:
        """Works with a running demo."""
        self.running, self.demo, self.hass = running, running.demo, running.hass

    async def ticked(self) -> list[str]:
        """Returns the vendors that a new dialog of the hub has ticked already."""
        flow = await self.hass.post(ENTRY_FLOW, {"handler": HUB})
        if flow["type"] != "form":
            raise DemoError(f"{HUB} begins with {flow['type']} {flow.get('reason')}")
        await self.hass.delete(f"{ENTRY_FLOW}/{flow['flow_id']}")
        fields = {field["name"]: field for field in flow["data_schema"]}
        found: list[str] = fields["vendors"]["default"]
        return found

    async def install(self) -> Any:
        """Ticks all vendors; returns how the dialog ends."""
        return await self.hass.create_entry(HUB, {"user": {"vendors": DOMAINS}})

    async def entries(self, domain: str) -> list[Any]:
        """Returns the entries of an integration."""
        found: list[Any] = await self.hass.call("config_entries/get", domain=domain)
        return found

    async def delete_entry(self, entry_id: str) -> None:
        """Deletes an entry as a person does."""
        await self.hass.delete(f"/api/config/config_entries/entry/{entry_id}")

    async def issues(self) -> list[str]:
        """Returns the ids of the hub's issues."""
        listed = await self.hass.call("repairs/list_issues")
        return [one["issue_id"] for one in listed["issues"] if one["domain"] == HUB]

    async def restart_by_issue(self) -> None:
        """Restarts Home Assistant by what fixes the issue; DemoError if it does not."""
        child = self.running.home_assistant
        flow = await self.hass.post(FIX, {"handler": HUB, "issue_id": RESTART_ISSUE})
        with contextlib.suppress(ClientError, TimeoutError):  # it may not answer now
            await self.hass.post(f"{FIX}/{flow['flow_id']}", {})
        try:
            async with asyncio.timeout(PATIENCE):
                code = await child.wait()
        except TimeoutError as err:
            raise DemoError("Home Assistant does not restart") from err
        await child.stop()
        if code != RESTART:
            raise DemoError(f"Home Assistant ended with exit code {code}")
        await self.running.start_home_assistant_again()

    async def problems(
        self, *, on_disk: str, running: str | None, hub: str | None
    ) -> list[str]:
        """Returns what is wrong with versions, folders and entries of all vendors."""
        return [
            *self.folder_problems(DOMAINS, version=on_disk, hub=hub),
            *await self._entry_problems(),
            *await self._code_problems(running),
        ]

    def folder_problems(
        self, domains: Collection[str], *, version: str, hub: str | None
    ) -> list[str]:
        """Returns what else than a version of vendors, and of the hub, is installed."""
        wanted = dict.fromkeys(domains, version) | ({HUB: hub} if hub else {})
        found = installed(self.demo)
        if found != wanted:
            return [f"installed are {found}, not {wanted}"]
        return [
            f"{folder.name} is left over"
            for folder in components(self.demo).iterdir()
            if folder.name not in {*wanted, "__pycache__"}
        ]

    async def _entry_problems(self) -> list[str]:
        return [
            f"{vendor.domain} has no entry"
            for vendor in VENDORS
            if not await loaded_entries(self.hass, vendor)
        ]

    async def _code_problems(self, version: str | None) -> list[str]:
        shown = await shown_code(self.hass)
        return [
            f"{domain} runs {shown.get(domain)}, not {version}"
            for domain in DOMAINS
            if shown.get(domain) != version
        ]
