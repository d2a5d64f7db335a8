"""Home Energy Bundle as a person uses it in a browser."""

import json
import re

from playwright.async_api import Locator, Page, ViewportSize

from scripts.buildlib.bundle import PAYLOAD
from scripts.buildlib.hub_code import folders
from scripts.demolib.hub_folder import components

from .house import House, shown

DOMAIN = "all_energy"
NAME = "Home Energy Bundle"
WINDOW = ViewportSize(width=1100, height=850)  # sliders in narrow columns hide values


class Bundle:
    """A page of the frontend, and what people do with the bundle in it."""

    def __init__(self, house: House, page: Page) -> None:
        """Go on in a page."""
        self.house, self.page = house, page
        self.dialog = page.locator("dialog-data-entry-flow")
        self.folder = components(house.demo)

    @classmethod
    async def opened(cls, house: House) -> Bundle:
        """Open a page."""
        page = await house.context.new_page()
        await page.set_viewport_size(WINDOW)
        return cls(house, page)

    # Getting about

    async def go(self, path: str) -> None:
        """Open a page of the frontend."""
        await self.page.goto(f"{self.house.demo.url}{path}")

    async def press(self, name: str) -> None:
        """Press a button of the dialog."""
        await self.dialog.get_by_role("button", name=name).click()

    async def finish(self) -> None:
        """Leave a dialog that has come to its end, with devices to name or not."""
        button = self.dialog.get_by_role(
            "button", name=re.compile("finish", re.IGNORECASE)
        )
        await button.click()
        await self.dialog.get_by_role("dialog").wait_for(state="hidden")

    async def brands(self, text: str) -> Locator:
        """Look for a brand in the dialog that adds an integration."""
        await self.go("/config/integrations/dashboard")
        await self.page.get_by_role("button", name="Add integration").click()
        await self.page.get_by_placeholder("Search for a brand name").fill(text)
        return self.page.locator("integration-list-item, ha-integration-list-item")

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

    async def fill(self, **texts: str) -> None:
        """Type into the fields of those names."""
        for name, text in texts.items():
            await self.dialog.locator(f"input[name={name}]").fill(text)

    async def open_device(self, domain: str, name: str) -> None:
        """Go from an integration's page to a device of it."""
        await self.go(f"/config/integrations/integration/{domain}")
        device = self.page.locator("ha-config-entry-device-row").filter(
            has=self.page.get_by_text(name, exact=True)
        )
        await device.click()

    def row(self, kind: str, name: str) -> Locator:
        """Return where an entity is on the page of its device."""
        label = self.page.get_by_text(name, exact=True)
        return self.page.locator(f"hui-{kind}-entity-row").filter(has=label)

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
