"""A real Home Assistant on a configuration folder of its own, and a browser for it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from scripts.demolib.config_folder import prepare
from scripts.demolib.folder import ROOT, Demo, free_port
from scripts.demolib.hass import Hass
from scripts.demolib.log import HomeAssistantLog
from scripts.demolib.process import Child, start_home_assistant
from scripts.demolib.screenshots import FLAGS

PATIENCE = 20_000  # ms that a page may take


@dataclass(slots=True, kw_only=True)
class House:
    """What a test works with."""

    demo: Demo
    hass: Hass
    browser: Browser
    context: BrowserContext
    log: HomeAssistantLog
    home_assistant: Child

    @property
    def complaints(self) -> list[str]:
        """The warnings and errors in the log that are about our integrations.

        What Home Assistant says of a page that was closed is not ours.
        """
        return self.log.ours()

    async def entries(self, domain: str) -> list[dict[str, str]]:
        """Return the entries of an integration."""
        found: list[dict[str, str]] = await self.hass.call(
            "config_entries/get", domain=domain
        )
        return found

    async def tidy(self, domain: str) -> None:
        """Remove entries, pages and cookies, so that the next test begins anew."""
        for entry in await self.entries(domain):
            path = (
                f"{self.demo.url}/api/config/config_entries/entry/{entry['entry_id']}"
            )
            headers = {"Authorization": f"Bearer {self.demo.token}"}
            await self.context.request.delete(path, headers=headers)
        for page in self.context.pages:
            await page.close()
        await self.context.clear_cookies()


async def chromium() -> str:
    """Return the path of a Chromium, which is fetched if there is none."""
    process = await asyncio.create_subprocess_exec(
        str(ROOT / "scripts" / "lib" / "chromium.sh"), stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("there is no Chromium")
    return output.decode().strip()


@asynccontextmanager
async def open_house(
    folder: Path,
    *domains: str,
    prepare: Callable[[Demo], None] = prepare,
    debug: bool = False,
) -> AsyncIterator[House]:
    """Start Home Assistant, once its configuration is ready, and a browser.

    The browser is logged in. In debug mode Home Assistant tells of blocking calls.
    """
    demo = Demo(folder=folder, zone="Europe/Berlin")
    demo.port = free_port(0)
    prepare(demo)
    log = HomeAssistantLog(domains=domains)
    child = await start_home_assistant(demo, log.line, debug=debug)
    try:
        executable, _ = await asyncio.gather(chromium(), _come_up(demo, child))
        async with Hass(demo) as hass, async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=executable, args=FLAGS, handle_sigint=False
            )
            context = await browser.new_context(
                locale="en-GB",
                reduced_motion="reduce",  # clicks wait for what moves
            )
            context.set_default_timeout(PATIENCE)
            await context.add_init_script(_logged_in(demo))
            try:
                yield House(
                    demo=demo,
                    hass=hass,
                    browser=browser,
                    context=context,
                    log=log,
                    home_assistant=child,
                )
            finally:
                await browser.close()
    finally:
        await child.stop()


async def _come_up(demo: Demo, child: Child) -> None:
    async with Hass(demo) as hass:
        await hass.wait_until_running(child)


def _logged_in(demo: Demo) -> str:
    """Return the script that gives the frontend its login."""
    tokens = {
        "access_token": demo.token,
        "token_type": "Bearer",
        "expires_in": 10**8,
        "expires": 10**14,
        "refresh_token": "",
        "hassUrl": demo.url,
        "clientId": f"{demo.url}/",
    }
    stored = json.dumps(json.dumps(tokens))
    origin = json.dumps(demo.url)
    return (
        f"if (location.origin === {origin}) "
        f"localStorage.setItem('hassTokens', {stored});"
    )


async def shown(page: Page, text: str) -> None:
    """Wait until a text can be seen."""
    await page.get_by_text(text).locator("visible=true").first.wait_for()
