"""All vendors as a new user adds and uses them in a browser, on the simulators.

One Home Assistant serves all, in this order: a wrong credential first, then the right
one, then what people do with what they have added.
"""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
import json
from pathlib import Path
import re

import pytest

from core.ha.kept_secrets import MARK
from scripts.demolib.folder import ROOT
from simulator.sonnen.configuration import RESERVE

from .frontend import Frontend
from .house import House, open_house, shown
from .vendors import Simulators, Vendor

MODE, MANUAL = "EM_OperatingMode", "1"  # of a sonnenBatterie
PLACES = {"host", "port"}  # that may be told: without them a report is of little use


def said(vendor: Vendor) -> str:
    """Return how the message about the wrong credential begins."""
    path = ROOT / "custom_components" / vendor.domain / "translations" / "en.json"
    texts = json.loads(path.read_text(encoding="utf-8"))
    text: str = texts["config"]["error"][vendor.error]
    return text.partition("{")[0].rstrip()


async def add(frontend: Frontend, vendor: Vendor) -> None:
    """The wrong field is told; nothing else has to be typed again."""
    await frontend.add(vendor.brand)
    if vendor.menu is not None:
        await frontend.choose(vendor.menu)
    if vendor.expert:
        await frontend.press("Expert")
    typed = {**vendor.typed, **vendor.expert}
    for name, text in (typed | {vendor.secret: vendor.wrong}).items():
        await frontend.field(name).fill(text)
    await frontend.press("Submit")
    await frontend.wrong(vendor.secret, said(vendor)).wait_for()
    for name, text in typed.items():
        if name == vendor.secret:
            continue
        field = frontend.field(name)
        hidden = await field.get_attribute("type") == "password"
        assert await field.input_value() == (MARK if hidden else text), name
    await frontend.field(vendor.secret).fill(typed[vendor.secret])
    await frontend.press("Submit")
    if vendor.left is not None:
        await shown(frontend.page, vendor.left)
        await frontend.press("Submit")
    if vendor.switched_on is not None:
        await shown(frontend.page, vendor.switched_on)
        await frontend.dialog.locator("ha-switch").click()
        await frontend.press("Submit")
    await frontend.finish()
    [entry] = await frontend.house.entries(vendor.domain)
    assert entry["state"] == "loaded", entry


async def until(holds: Callable[[], bool]) -> None:
    """Wait until the simulator has it: the frontend shows at once what is asked."""
    async with asyncio.timeout(10):
        while True:
            if holds():
                return
            await asyncio.sleep(0.1)


async def number(frontend: Frontend, sims: Simulators) -> None:
    """What is set with a slider is what the system has, and what is shown."""
    [system] = sims.alphaess.systems.values()
    was = system.discharge.stored["batUseCap"]
    await frontend.open_device("alphaess_energy", f"AlphaESS {system.home.inverter}")
    reserve = frontend.row("number", "Backup reserve")
    await reserve.get_by_role("slider").press("ArrowRight")
    await reserve.get_by_text(f"{was + 1:g}%", exact=True).wait_for()
    await until(lambda: system.discharge.stored["batUseCap"] == was + 1)


async def select(frontend: Frontend, sims: Simulators) -> None:
    """What is chosen from a list is what the battery does."""
    [battery] = sims.sonnen.batteries
    await frontend.open_device("sonnen_energy", f"sonnenBatterie {battery.serial[-4:]}")
    await frontend.select("Battery mode", "Manual")
    chosen = frontend.row("select", "Battery mode").get_by_label("Battery mode")
    await chosen.get_by_text("Manual", exact=True).wait_for()
    await until(lambda: battery.settings[MODE].stored == MANUAL)


async def action(frontend: Frontend, sims: Simulators) -> None:
    """An action is found by its name, filled in, and performed.

    Of the battery's devices, which are meters too, it offers the battery.
    """
    [battery] = sims.sonnen.batteries
    device = f"sonnenBatterie {battery.serial[-4:]}"
    offered = await frontend.act(
        "sonnen_energy.set_reserve", device, {"State of charge": "77"}
    )
    assert offered == [device]
    assert battery.settings[RESERVE].stored == "77"


async def diagnostics(frontend: Frontend, vendor: Vendor) -> None:
    """What is downloaded for a report holds nothing that was typed."""
    text = await frontend.diagnostics(vendor.domain)
    told = [name for name, typed in vendor.typed.items() if typed in text]
    assert set(told) <= PLACES, told


async def energy(frontend: Frontend, sims: Simulators) -> None:
    """The energy dashboard shows what a system did before it was added."""
    [house] = sims.alphaess.houses.values()
    day = house.today() - timedelta(days=1)
    hass = frontend.house.hass
    [system] = [
        entity
        for entity in await hass.entities("alphaess_energy")
        if entity.key == "backup_reserve"
    ]
    await hass.act(
        "alphaess_energy",
        "import_history",
        device_id=[system.device_id],
        start=day.isoformat(),
        end=day.isoformat(),
    )
    ids = await imported(frontend.house)
    await hass.call(
        "energy/save_prefs",
        energy_sources=[
            {
                "type": "solar",
                "stat_energy_from": ids["solar"],
                "config_entry_solar_forecast": None,
            },
            {
                "type": "grid",
                "stat_energy_from": ids["import"],
                "stat_energy_to": ids["export"],
                "cost_adjustment_day": 0,
            },
            {
                "type": "battery",
                "stat_energy_from": ids["battery_discharge"],
                "stat_energy_to": ids["battery_charge"],
            },
        ],
    )
    await frontend.go("/energy/electricity")
    await shown(frontend.page, "Solar production")
    await frontend.page.locator("hui-energy-period-selector .date-range").first.click()
    await frontend.page.get_by_text("Yesterday", exact=True).first.click()
    truth = house.energy_on(day)
    assert truth is not None
    solar = frontend.page.locator("hui-energy-solar-graph-card")
    chip = solar.locator("hui-energy-graph-chip").filter(has_text=re.compile("[1-9]"))
    assert float((await chip.inner_text()).split()[0]) == pytest.approx(
        truth.solar_wh / 1000, abs=0.05
    )


async def imported(house: House) -> dict[str, str]:
    """Return the statistics of the past by what flows, once there are all."""
    prefix, suffix = "alphaess_energy:", "_energy"
    async with asyncio.timeout(20):
        while True:
            known = await house.hass.call("recorder/list_statistic_ids")
            ids = [one["statistic_id"] for one in known]
            found = {
                one.removesuffix(suffix).partition("_")[2].partition("_")[2]: one
                for one in ids
                if one.startswith(prefix) and one.endswith(suffix)
            }
            if {"solar", "import", "export", "battery_discharge"} <= set(found):
                return found
            await asyncio.sleep(0.2)


@pytest.mark.slow
async def test_vendors(
    socket_enabled: None, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """A new user gets each vendor to work and uses it."""
    sims = Simulators.built()
    async with AsyncExitStack() as stack:
        for sim in sims.all:
            await sim.start()
            stack.push_async_callback(sim.stop)
        vendors = sims.vendors()
        domains = [vendor.domain for vendor in vendors]
        house = await stack.enter_async_context(open_house(tmp_path, *domains))
        await add_all(vendors, house, subtests)
        frontend = await Frontend.opened(house)
        for journey in (number, select, action, energy):
            with subtests.test(journey.__name__):
                await journey(frontend, sims)
        for vendor in vendors:
            with subtests.test("diagnostics", vendor=vendor.domain):
                await diagnostics(frontend, vendor)
        assert house.complaints == []


async def add_all(
    vendors: list[Vendor], house: House, subtests: pytest.Subtests
) -> None:
    """Add all vendors at once, each in a page of its own: some take their time."""
    pages = [await Frontend.opened(house) for _ in vendors]
    each = zip(pages, vendors, strict=True)
    ends = await asyncio.gather(*(add(*one) for one in each), return_exceptions=True)
    for vendor, page, end in zip(vendors, pages, ends, strict=True):
        await page.page.close()
        with subtests.test("add", vendor=vendor.domain):
            if end is not None:
                raise end
