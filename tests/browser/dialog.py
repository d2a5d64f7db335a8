"""The set-up of Sungrow iSolarCloud as a person goes through it in a browser."""

import re

from playwright.async_api import Page

from simulator.sungrow import SungrowSimulator

from .house import House, shown

DOMAIN = "sungrow_energy"


class Dialog:
    """A dialog in a page of the frontend; the simulator is the vendor's cloud."""

    def __init__(self, house: House, sim: SungrowSimulator, page: Page) -> None:
        """Go on in a page."""
        self.house, self.sim, self.page = house, sim, page

    @classmethod
    async def at_menu(
        cls, house: House, sim: SungrowSimulator, *, redirect: str
    ) -> Dialog:
        """Enter the application, whose redirect URL has that path, up to the menu."""
        page = await house.context.new_page()
        dialog = cls(house, sim, page)
        sim.redirect_uri = f"{house.demo.url}{redirect}"
        await page.goto(
            f"{house.demo.url}/config/integrations/dashboard/add?domain={DOMAIN}"
        )
        await page.get_by_role("button", name="OK").click()
        await dialog.choose("Application with OAuth 2.0")
        await dialog.fill(
            application_id=f"https://portal.example/#/editApplication?id={sim.application_id}",
            app_key=sim.app_key,
            secret=sim.secret,
        )
        await page.locator("ha-generic-picker").click()
        choices = page.locator("ha-picker-combo-box")
        await choices.get_by_text(sim.redirect_uri, exact=True).click()
        await choices.wait_for(state="hidden")
        await page.get_by_role("button", name="Expert").click()
        await dialog.fill(server_url=sim.url, web_url=sim.web_url)
        await dialog.submit()
        await shown(page, "A page of iSolarCloud opens")
        await shown(page, sim.redirect_uri)
        return dialog

    async def fill(self, **texts: str) -> None:
        """Type into the fields of those names."""
        for name, text in texts.items():
            await self.page.locator(f"input[name={name}]").fill(text)

    async def submit(self) -> None:
        """Go on from a form."""
        await self.page.get_by_role("button", name="Submit").click()

    async def choose(self, text: str) -> None:
        """Choose from a menu."""
        found = self.page.get_by_text(text, exact=True).locator("visible=true")
        await found.last.click()

    async def opens(self, *, link: str | None = None) -> Page:
        """Return the page of iSolarCloud that the menu, or a link, opens."""
        async with self.house.context.expect_page() as opened:
            if link is None:
                await self.choose("Authorize")
            else:
                await self.page.get_by_role("link", name=link).click()
        return await opened.value

    async def agree(self, page: Page) -> None:
        """Log in there, after a wrong password, tick the plants, and agree."""
        await page.get_by_label("Account").fill(self.sim.user_name)
        for password in ("wrong", self.sim.password):
            await page.get_by_label("Password").fill(password)
            await page.get_by_role("button", name="Login").click()
            if password == "wrong":
                await shown(page, "Incorrect account or password")
        for plant in self.sim.plants:
            await page.get_by_label(plant.name).check()
        await page.get_by_role("button", name="Agree").click()

    async def add_plants(self) -> None:
        """Confirm the plants and see the entry come."""
        await shown(self.page, "Choose plants")
        for plant in self.sim.plants:
            await shown(self.page, plant.name)
        await self.submit()
        await self.page.get_by_role(
            "button", name=re.compile("finish", re.IGNORECASE)
        ).wait_for()
        [entry] = await self.house.entries(DOMAIN)
        assert entry["title"] == self.sim.plants[0].name
        assert entry["state"] == "loaded", entry
