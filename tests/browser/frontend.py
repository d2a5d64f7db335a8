"""Home Assistant's frontend as a person uses it in a browser."""

from collections.abc import Mapping
import json
import re
from typing import Self

from playwright.async_api import Locator, Page, ViewportSize

from .house import House, shown

WINDOW = ViewportSize(width=1100, height=850)  # sliders in narrow columns hide values
NAVIGATE = """path => {
    history.pushState(null, "", path);
    window.dispatchEvent(new CustomEvent("location-changed"));
}"""
SET_UP = 90_000  # ms: Growatt is asked slowly, as it wants it


class Frontend:
    """A page of the frontend."""

    def __init__(self, house: House, page: Page) -> None:
        """Go on in a page."""
        self.house, self.page = house, page
        self.dialog = page.locator("dialog-data-entry-flow")

    @classmethod
    async def opened(cls, house: House) -> Self:
        """Open a page."""
        page = await house.context.new_page()
        await page.set_viewport_size(WINDOW)
        return cls(house, page)

    async def go(self, path: str) -> None:
        """Go to a page as a click in the frontend does; it loads only once."""
        if self.page.url.startswith(self.house.demo.url):
            await self.page.evaluate(NAVIGATE, path)
        else:
            await self.load(path)

    async def load(self, path: str) -> None:
        """Load a page anew: a dialog that is open would stay."""
        await self.page.goto(f"{self.house.demo.url}{path}")

    # Dialogs

    async def brands(self, text: str) -> Locator:
        """Look for a brand in the dialog that adds an integration."""
        await self.load("/config/integrations/dashboard")
        await self.page.get_by_role("button", name="Add integration").click()
        await self.page.get_by_placeholder("Search for a brand name").fill(text)
        return self.page.locator("integration-list-item, ha-integration-list-item")

    async def add(self, brand: str) -> None:
        """Begin to add an integration that is not Home Assistant's own."""
        found = await self.brands(brand)
        named = found.filter(has=self.page.get_by_text(brand, exact=True))
        await named.filter(has=self.page.locator("#icon-custom")).click()

    async def press(self, name: str) -> None:
        """Press a button of the dialog."""
        await self.dialog.get_by_role("button", name=name).click()

    async def choose(self, text: str) -> None:
        """Choose from a menu."""
        await self.dialog.get_by_text(text, exact=True).click()

    def field(self, name: str) -> Locator:
        """Return the field of that name; a port, as a number, has none."""
        number = "ha-selector-number input"
        return self.dialog.locator(number if name == "port" else f"input[name={name}]")

    async def fill(self, **texts: str) -> None:
        """Type into the fields of those names."""
        for name, text in texts.items():
            await self.field(name).fill(text)

    def wrong(self, name: str, text: str) -> Locator:
        """Return the field of that name if that is said above it."""
        said = f"ha-alert:has-text({json.dumps(text)})"
        return self.dialog.locator(f"{said} + ha-selector input[name={name}]")

    async def finish(self) -> None:
        """Leave a dialog that has come to its end, with devices to name or not."""
        button = self.dialog.get_by_role(
            "button", name=re.compile("finish", re.IGNORECASE)
        )
        await button.click(timeout=SET_UP)
        await self.dialog.get_by_role("dialog").wait_for(state="hidden")

    # Devices

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

    async def select(self, name: str, option: str) -> None:
        """Choose an option of a select on the page of its device."""
        await self.row("select", name).locator("ha-select").click()
        await self.page.get_by_role("menuitem", name=option, exact=True).click()

    # Elsewhere

    async def diagnostics(self, domain: str) -> str:
        """Download the diagnostics of an integration's only entry."""
        await self.go(f"/config/integrations/integration/{domain}")
        row = self.page.locator("ha-config-entry-row")
        await row.get_by_role("button", name="Menu").first.click()
        async with self.page.expect_download() as started:
            await shown(self.page, "Download diagnostics")
            found = self.page.get_by_text("Download diagnostics")
            await found.locator("visible=true").click()
        download = await started.value
        text = (await download.path()).read_text(encoding="utf-8")
        assert json.loads(text)["data"]
        return text

    async def act(
        self, action: str, device: str, fields: Mapping[str, str]
    ) -> list[str]:
        """Fill the form of an action in the developer tools, and perform it.

        Return the devices that it offers.
        """
        await self.go("/config/developer-tools/action")
        choices = self.page.locator("ha-picker-combo-box")
        await self.page.locator("ha-service-picker").click()
        await choices.get_by_role("textbox").fill(action)
        await choices.get_by_text(action, exact=True).click()
        await self.page.locator("ha-device-picker").last.click()
        headlines = choices.locator("[slot=headline]")  # not those of parts of it
        wanted = headlines.and_(self.page.get_by_text(device, exact=True))
        await wanted.wait_for()
        # the last row is room at the end
        offered = [text for text in await headlines.all_inner_texts() if text]
        await wanted.click()
        # as soon as one is chosen, another can be; what is typed earlier is lost
        await self.page.locator("ha-device-picker").nth(1).wait_for()
        for name, value in fields.items():
            field = self.page.locator("ha-settings-row").filter(
                has=self.page.get_by_text(name, exact=True)
            )
            await field.locator("input[type=number]").fill(value)
        perform = self.page.locator("ha-progress-button")
        await perform.click()
        await perform.locator(".success").wait_for()
        return offered
