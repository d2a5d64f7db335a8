"""Home Energy Bundle as a person uses it in a browser."""

import json
from typing import override

from playwright.async_api import Page

from scripts.buildlib.bundle import PAYLOAD
from scripts.buildlib.hub_code import folders
from scripts.demolib.hub_folder import components

from .frontend import Frontend
from .house import House, shown

DOMAIN = "all_energy"
NAME = "Home Energy Bundle"


class Bundle(Frontend):
    """A page of the frontend, and what people do with the bundle in it."""

    def __init__(self, house: House, page: Page) -> None:
        """Go on in a page."""
        super().__init__(house, page)
        self.folder = components(house.demo)

    @override
    async def go(self, path: str) -> None:
        """Load the page: what is left here are open dialogs."""
        await self.load(path)

    async def open_options(self) -> None:
        """Open the form that says which vendors are wanted."""
        await self.go(f"/config/integrations/integration/{DOMAIN}")
        await (
            self.page.locator("ha-config-entry-row").get_by_role("button").first.click()
        )
        await shown(self.page, "Which vendors do you have?")

    async def tick(self, *names: str, ticked: bool = True) -> None:
        """Tick vendors, or take their ticks away.

        The boxes are asked for: texts can be seen before a click on them does anything.
        """
        for name in names:
            box = self.dialog.get_by_role("checkbox", name=name, exact=True)
            await box.set_checked(ticked, force=True)  # what is drawn lies over it

    async def untick(self, *names: str) -> None:
        """Take the ticks of vendors away."""
        await self.tick(*names, ticked=False)

    async def open_issue(self, title: str) -> None:
        """Open an issue in Settings > Repairs."""
        await self.go("/config/repairs")
        await self.page.get_by_text(title, exact=True).click()

    # What is asked, and what happens elsewhere

    async def wanted(self) -> list[str]:
        """Return what is ticked, as Home Assistant keeps it for the next start."""
        [entry] = await self.house.entries(DOMAIN)
        path = f"/api/diagnostics/config_entry/{entry['entry_id']}"
        diagnostics = await self.house.hass.get(path)
        return list(diagnostics["data"]["options"]["vendors"])

    async def reload(self) -> None:
        """Have the bundle look at the folders anew."""
        [entry] = await self.house.entries(DOMAIN)
        path = f"/api/config/config_entries/entry/{entry['entry_id']}/reload"
        await self.house.hass.post(path, {})

    def release(self, domain: str, text: str) -> None:
        """Bring the next version of a vendor, with another text for people."""
        folder = self.folder / DOMAIN / PAYLOAD / domain
        (folder / "quality_scale.yaml").write_text(text, encoding="utf-8")
        mark = json.dumps(folders.stamp(folder))
        (folder / folders.STAMP).write_text(mark, encoding="utf-8")
