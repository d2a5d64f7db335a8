"""scripts/screenshot: pictures of the running demo for the documentation."""

import argparse
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
import shutil
import sys

from aiohttp import ClientError
from PIL import Image
from playwright.async_api import (
    Error as BrowserError,
    Page,
    ViewportSize,
    async_playwright,
)

from .battery import Battery
from .config_folder import PASSWORD, USER
from .control_check import find_batteries
from .dashboard import BATTERIES_PATH, PATH
from .folder import ROOT, Demo, DemoError
from .homes import Home, find_homes
from .price_dashboard import PATH as PRICES_PATH
from .report import no_problem_within
from .runner import Running
from .session import in_temporary_folder, interruptible
from .sim import simulator_session, simulators
from .tariffs import Tariff, find_tariffs

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
]
WIDTH, HEIGHT = 1440, 1000
SHOWN_FORCE = timedelta(hours=1)
SETTLE = 4.0  # s in which charts finish their animation
BLUEPRINT = "Charge the battery below a price"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page, what has to be on it, and what to do before it is taken."""

    name: str
    path: str
    text: str  # must be visible before the picture is taken
    prepare: Callable[[Page], Awaitable[None]] | None = None
    height: int = HEIGHT


def pages(home: Home, tariff: Tariff) -> list[Picture]:
    """Returns the pictures of all vendors together; a home and a site are on them."""
    electricity = "/energy/electricity"
    return [
        Picture(name="home", path=f"/{PATH}", text=home.name),
        Picture(
            name="batteries",
            path=f"/{PATH}/{BATTERIES_PATH}",
            text=home.name,
            height=1230,
        ),
        Picture(
            name="prices",
            path=f"/{PATH}/{PRICES_PATH}",
            text=tariff.name,
            height=1270,
        ),
        Picture(
            name="energy-day",
            path=electricity,
            text="Solar production",
            prepare=show_yesterday,
        ),
        Picture(
            name="energy-week",
            path=electricity,
            text="Solar production",
            prepare=show_week,
        ),
        Picture(
            name="action",
            path="/config/developer-tools/action",
            text="Perform action",
            height=1120,
            prepare=partial(
                open_action,
                action=f"{home.vendor.domain}.force_charge",
                device=home.name,
            ),
        ),
        Picture(
            name="diagnostics",
            path=f"/config/integrations/integration/{home.vendor.domain}",
            text=home.name,
            height=860,
            prepare=open_entry_menu,
        ),
        Picture(
            name="blueprint",
            path="/config/blueprint/dashboard",
            text=BLUEPRINT,
            height=1400,
            prepare=open_blueprint,
        ),
    ]


def pictures(one: Home | Tariff) -> list[Picture]:
    """Returns the pictures of one vendor, seen by one of its homes or sites."""
    domain = one.vendor.domain
    return [
        Picture(
            name=f"{domain}-device",
            path=f"/config/devices/device/{one.device_id}",
            text="Battery mode" if isinstance(one, Home) else one.name,
        ),
        Picture(
            name=f"{domain}-integration",
            path=f"/config/integrations/integration/{domain}",
            text=one.name,
        ),
        Picture(
            name=f"{domain}-setup",
            path=f"/config/integrations/dashboard/add?domain={domain}",
            text="Do you want to set up",
            prepare=partial(open_form, menu=one.vendor.menu),
        ),
    ]


async def visible(page: Page, text: str) -> None:
    """Waits for a text; tooltips are in the page too, but hidden."""
    await page.get_by_text(text).locator("visible=true").first.wait_for()


async def show_period(page: Page, name: str) -> None:
    """Chooses a period in the energy dashboard."""
    await page.locator("hui-energy-period-selector .date-range").first.click()
    await page.get_by_text(name, exact=True).first.click()


async def show_yesterday(page: Page) -> None:
    """Chooses the last whole day."""
    await show_period(page, "Yesterday")


async def show_week(page: Page) -> None:
    """Chooses the last seven days."""
    await show_period(page, "Last 7 days")


async def open_form(page: Page, menu: str | None) -> None:
    """Confirms that the integration is to be set up; its form follows.

    The menu is what is chosen before, if there is something to choose.
    """
    await page.get_by_role("button", name="OK").click()
    if menu is not None:
        await page.get_by_text(menu, exact=True).locator("visible=true").first.click()
    await page.get_by_role("button", name="Submit").wait_for()


async def open_action(page: Page, action: str, device: str) -> None:
    """Opens the form of an action for a device."""
    choices = page.locator("ha-picker-combo-box")
    await page.locator("ha-service-picker").click()
    await choices.get_by_role("textbox").fill(action)
    await choices.get_by_text(action, exact=True).click()
    await page.locator("ha-device-picker").last.click()
    headlines = choices.locator("[slot=headline]")  # not those of parts of it
    await headlines.and_(page.get_by_text(device, exact=True)).click()
    await page.locator("ha-device-picker").nth(1).wait_for()  # for another one
    target = page.locator("ha-settings-row").filter(
        has=page.get_by_text("Target", exact=True)
    )
    await target.locator("ha-checkbox").click()
    await target.locator("input[type=number]").fill("80")


async def open_entry_menu(page: Page) -> None:
    """Opens the menu from which the diagnostics are downloaded."""
    row = page.locator("ha-config-entry-row").first
    await row.get_by_role("button", name="Menu").first.click()
    await visible(page, "Download diagnostics")


async def open_blueprint(page: Page) -> None:
    """Opens the form of a blueprint."""
    await page.get_by_text(BLUEPRINT, exact=True).first.click()
    await page.locator("blueprint-automation-editor").wait_for()


def lend_blueprints(demo: Demo) -> None:
    """Puts the blueprints where Home Assistant looks for them."""
    shutil.copytree(ROOT / "blueprints", demo.config / "blueprints", dirs_exist_ok=True)


async def log_in(page: Page, url: str) -> None:
    """Logs in with the demo's user, as a person does."""
    await page.goto(url)
    await page.get_by_label("Username").fill(USER)
    await page.get_by_label("Password").first.fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url(lambda to: "auth/authorize" not in to)
    # the frontend keeps the login for the next page only once it has come up
    await visible(page, "Settings")
    await asyncio.sleep(SETTLE)


@asynccontextmanager
async def browser_page(chromium: str, zone: str) -> AsyncIterator[Page]:
    """Opens a page of a new browser without any state, in a time zone."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, handle_sigint=False
        )
        try:
            yield await browser.new_page(
                viewport=ViewportSize(width=WIDTH, height=HEIGHT),
                locale="en-GB",
                timezone_id=zone,
            )
        finally:
            await browser.close()


def save(picture: bytes, path: Path) -> None:
    """Saves a picture as a small PNG: 256 colours are enough for a page of HA."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    path.parent.mkdir(parents=True, exist_ok=True)
    image.quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1024} KiB", flush=True)


async def force_first(running: Running) -> None:
    """Forces the first battery of all to charge; DemoError if it does not."""
    async with simulator_session() as session:
        batteries = await find_batteries(running, simulators(running.demo, session))
        await force(batteries[0])


async def force(battery: Battery) -> None:
    """Forces a charge and waits until Home Assistant shows it."""
    await battery.react_at_once()
    await battery.force("force_charge", SHOWN_FORCE)
    patience = max(battery.soon, battery.control.believed)
    if found := await no_problem_within(patience, battery.begun_problems):
        raise DemoError(f"{battery.home.name}: {found[0]}")


async def take_pictures(
    running: Running, chromium: str, folder: Path, only: Container[str] | None = None
) -> None:
    """Takes all pictures, or ``only`` some; DemoError for a page without its text."""
    homes = await find_homes(running.hass)
    tariffs = await find_tariffs(running.hass)
    everything: list[Home | Tariff] = [*homes, *tariffs]
    first = {one.vendor.domain: one for one in reversed(everything)}
    wanted = pages(homes[0], tariffs[0])
    wanted += [picture for one in first.values() for picture in pictures(one)]
    lend_blueprints(running.demo)
    async with browser_page(chromium, running.demo.zone) as page:
        await log_in(page, running.demo.url)
        for picture in wanted:
            if only and picture.name not in only:
                continue
            size = ViewportSize(width=WIDTH, height=picture.height)
            await page.set_viewport_size(size)
            await page.goto(running.demo.url + picture.path)
            await visible(page, picture.text)
            if picture.prepare:
                await picture.prepare(page)
            await page.mouse.move(0, 0)
            await asyncio.sleep(SETTLE)
            if await page.locator("hui-error-card").count():
                raise DemoError(f"a card of {picture.path} shows an error")
            save(await page.screenshot(), folder / f"{picture.name}.png")


async def run_screenshots(options: argparse.Namespace) -> int:
    """Starts a demo and takes the pictures."""

    async def work(running: Running) -> None:
        if options.after:
            print(f"Waiting {options.after} min for curves to grow", flush=True)
            await asyncio.sleep(60 * options.after)
        await force_first(running)
        await take_pictures(running, options.chromium, options.folder, options.pictures)

    await in_temporary_folder(work)
    return 0


def main() -> int:
    """Takes the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="scripts/screenshot",
        description="Starts the demo anew and saves pictures of it.",
    )
    parser.add_argument("chromium", help=argparse.SUPPRESS)
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / "docs" / "images",
        help="where the pictures go, default docs/images",
    )
    parser.add_argument(
        "--after",
        type=float,
        default=0,
        metavar="MINUTES",
        help="let the house live this long first, so that curves have a length",
    )
    parser.add_argument(
        "pictures",
        nargs="*",
        metavar="PICTURE",
        help="take only these, such as home or sonnen_energy-device",
    )
    options = parser.parse_args()
    try:
        return asyncio.run(interruptible(run_screenshots(options)))
    except (DemoError, ClientError, BrowserError) as err:
        print(f"screenshot: {err}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
