"""The built bundle in a real browser: ticked, added and used without a restart.

The zip is extracted as HACS does it into a configuration in which there is nothing else
but a vendor that somebody copied there. One Home Assistant serves all, in this order.
"""

import asyncio
from functools import partial
from pathlib import Path
import re

import pytest

from scripts.buildlib.bundle import Source
from scripts.demolib.folder import ROOT, Demo
from scripts.demolib.hub_folder import build_hub, components, prepare_with_hub
from scripts.demolib.process import RESTART
from simulator.alphaess import AlphaEssSimulator
from simulator.sonnen import Setting, SonnenSimulator
from simulator.sonnen.configuration import RESERVE

from .house import House, open_house, shown
from .hub import DOMAIN, NAME, Bundle

ALPHAESS, SONNEN, SUNGROW = "alphaess_energy", "sonnen_energy", "sungrow_energy"
GOODWE = "goodwe_energy"
FOREIGN = "growatt_energy"


def prepare(archive: Path, demo: Demo) -> None:
    """Extract the zip; copy one vendor as people do it by hand."""
    prepare_with_hub(demo, archive)
    Source(ROOT).copy(FOREIGN, components(demo) / FOREIGN)


async def install(bundle: Bundle) -> None:
    """The bundle is found like any integration; what is ticked is placed."""
    found = await bundle.brands("Home Energy")
    await found.get_by_text(NAME).click()
    await shown(bundle.page, "Which vendors do you have?")
    await shown(bundle.page, "Installed otherwise")
    otherwise = bundle.dialog.locator("input[name=otherwise]")
    assert await otherwise.input_value() == "Growatt"
    await bundle.tick("AlphaESS", "sonnenBatterie", "Sungrow iSolarCloud")
    assert await bundle.dialog.get_by_role("checkbox").count() == 5
    await bundle.press("Install")


async def add_first(bundle: Bundle, sim: AlphaEssSimulator) -> None:
    """The dialog of the first vendor opens by itself; its values are shown."""
    await shown(bundle.page, "Connect to AlphaCloud")
    credentials = sim.credentials()
    await bundle.press("Expert")
    await bundle.fill(
        app_id=credentials["AppID"],
        app_secret=credentials["AppSecret"],
        server_url=sim.url,
    )
    await bundle.press("Submit")
    await bundle.finish()
    system = next(iter(sim.systems.values()))
    await bundle.open_device(
        ALPHAESS, f"AlphaESS {system.home.inverter} {system.serial[-4:]}"
    )
    battery = bundle.row("sensor", "Battery")
    await battery.get_by_text(re.compile(r"^\s*[\d.]+%")).wait_for()


async def keep_what_is_used(bundle: Bundle) -> None:
    """The options name what is still set up of a vendor that is unticked."""
    await bundle.open_options()
    await bundle.untick("AlphaESS")
    await bundle.press("Submit")
    [entry] = await bundle.house.entries(ALPHAESS)
    await shown(bundle.page, f"Still set up: {entry['title']}")
    await bundle.tick("AlphaESS")


async def add_second(bundle: Bundle, sim: SonnenSimulator) -> None:
    """A link in the options leads to the next vendor, without losing anything."""
    await bundle.tick("GoodWe SEMS+")
    await bundle.press("Submit")
    await shown(bundle.page, "These can be added now")
    await bundle.page.evaluate("window.sameDocument = true")
    await bundle.page.get_by_role("link", name="sonnenBatterie").click()
    await shown(bundle.page, "Do you want to set up sonnenBatterie?")
    assert await bundle.page.evaluate("window.sameDocument")
    await bundle.page.get_by_role("button", name="OK").click()
    await shown(bundle.page, "Connect to the battery")
    credentials = sim.credentials()
    await bundle.fill(
        host=credentials["Host"],
        port=credentials["Port"],
        token=credentials["Token"],
        serial=credentials["Serial"],
    )
    await bundle.press("Submit")
    await bundle.finish()
    assert GOODWE in await bundle.wanted()


async def control(bundle: Bundle, sim: SonnenSimulator) -> None:
    """A number says what the battery goes by, and the battery takes another."""
    await bundle.open_device(SONNEN, f"sonnenBatterie {sim.batteries[0].serial[-4:]}")
    reserve = bundle.row("number", "Backup reserve")
    await reserve.get_by_text("35%").wait_for()
    await reserve.get_by_role("slider").press("ArrowRight")
    await reserve.get_by_text("36%").wait_for()
    assert sim.batteries[0].settings[RESERVE].stored == "36"


async def give_up(bundle: Bundle) -> None:
    """What nobody has set up is gone when it is unticked; the others stay."""
    await bundle.open_options()
    await bundle.untick("Sungrow iSolarCloud", "GoodWe SEMS+")
    await bundle.press("Submit")
    await bundle.finish()
    assert await bundle.wanted() == [ALPHAESS, SONNEN]
    found = await bundle.brands("sonnen")
    await found.get_by_text("sonnenBatterie").wait_for()
    await bundle.page.get_by_placeholder("Search for a brand name").fill("Sungrow")
    await found.first.wait_for(state="detached")
    assert not (bundle.folder / SUNGROW).exists()


async def update(bundle: Bundle) -> None:
    """Issues ask about changed files and for the restart, which exchanges both."""
    bundle.release(ALPHAESS, "the next version")
    changed = bundle.folder / SONNEN / "quality_scale.yaml"
    was = changed.read_text(encoding="utf-8")
    changed.write_text("changed by hand", encoding="utf-8")
    await bundle.reload()
    await bundle.open_issue("sonnenBatterie was changed by hand")
    await shown(bundle.page, "Your changes are lost")
    await bundle.dialog.get_by_text("Put the bundled version back").click()
    await bundle.finish()
    await bundle.open_issue("Restart to update AlphaESS, sonnenBatterie")
    await shown(bundle.page, "Restart now?")
    await bundle.press("Restart")
    assert await bundle.house.home_assistant.wait() == RESTART
    assert changed.read_text(encoding="utf-8") == was
    updated = bundle.folder / ALPHAESS / "quality_scale.yaml"
    assert updated.read_text(encoding="utf-8") == "the next version"


@pytest.mark.slow
async def test_bundle(socket_enabled: None, tmp_path: Path) -> None:
    """A person gets on with what HACS has installed."""
    alphaess, sonnen = AlphaEssSimulator(), SonnenSimulator()
    sonnen.batteries[0].settings[RESERVE] = Setting("35")
    archive = await asyncio.to_thread(build_hub, tmp_path / "dist")
    await alphaess.start()
    await sonnen.start()
    try:
        async with open_house(
            tmp_path / "house",
            DOMAIN,
            ALPHAESS,
            SONNEN,
            prepare=partial(prepare, archive),
            debug=True,
        ) as house:
            await journeys(house, alphaess, sonnen)
            assert house.complaints == []
    finally:
        await alphaess.stop()
        await sonnen.stop()


async def journeys(
    house: House, alphaess: AlphaEssSimulator, sonnen: SonnenSimulator
) -> None:
    """Do one after the other in the same browser."""
    bundle = await Bundle.opened(house)
    await install(bundle)
    await add_first(bundle, alphaess)
    await keep_what_is_used(bundle)
    await add_second(bundle, sonnen)
    await control(bundle, sonnen)
    await give_up(bundle)
    await update(bundle)
