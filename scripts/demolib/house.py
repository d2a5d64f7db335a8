"""Setting the demo's house up, the way its user would: flow, history, dashboards."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from .dashboard import make_dashboard, show_times_of_the_house
from .energy import fill_energy_dashboard
from .folder import Demo, DemoError
from .hass import Hass
from .homes import HISTORY, Home, find_homes
from .report import no_problem_within
from .sim import prepare_simulator
from .tariffs import HISTORY as PRICE_HISTORY, Tariff, find_tariffs
from .vendor import HomeVendor, Vendor
from .vendors import PRICE_VENDORS, VENDORS, entries_with_ports

PATIENCE = 150  # s for all entities; a device of a cloud tells one thing after another


async def create_entries(hass: Hass, demo: Demo, vendor: Vendor) -> None:
    """Sets up a vendor's integration unless an interrupted start did already."""
    there = len(await hass.call("config_entries/get", domain=vendor.domain))
    for place, answers in entries_with_ports(vendor)[there:]:
        await hass.create_entry(vendor.domain, answers(demo.simulator_url(place)))
    loaded = await loaded_entries(hass, vendor)
    if vendor.options:
        for one in loaded:
            await hass.set_options(one["entry_id"], vendor.options)
        await asyncio.sleep(1)  # the reload begins a moment later
        await loaded_entries(hass, vendor)


async def loaded_entries(hass: Hass, vendor: Vendor) -> list[Any]:
    """Waits up to 60 s until a vendor's entries work, and returns them."""
    for _ in range(300):
        entries: list[Any] = await hass.call("config_entries/get", domain=vendor.domain)
        bad = [entry for entry in entries if entry["state"] != "loaded"]
        if not bad:
            return entries
        await asyncio.sleep(0.2)
    raise DemoError(f"{vendor.domain} is {bad[0]['state']} ({bad[0]['reason']})")


async def wait_for_homes(hass: Hass, vendor: HomeVendor) -> list[Home]:
    """Waits until all homes of a vendor have what the demo shows."""
    homes: list[Home] = []

    async def missing() -> list[str]:
        homes[:] = await find_homes(hass, [vendor])
        found = [f"{home.name}: {key}" for home in homes for key in home.missing()]
        left = len(vendor.homes) - len(homes)
        found += [f"{left} homes of {vendor.name}"] * (left > 0)
        return found + await few_entities(hass, [vendor])

    await wait_until_there(missing)
    return homes


async def wait_for_tariffs(hass: Hass) -> list[Tariff]:
    """Waits until all sites have what the demo shows."""
    tariffs: list[Tariff] = []

    async def missing() -> list[str]:
        tariffs[:] = await find_tariffs(hass)
        found = [f"{one.name}: {key}" for one in tariffs for key in one.missing()]
        left = sum(len(vendor.sites) for vendor in PRICE_VENDORS) - len(tariffs)
        found += [f"{left} sites"] * (left > 0)
        return found + await few_entities(hass, PRICE_VENDORS)

    await wait_until_there(missing)
    return tariffs


async def few_entities(hass: Hass, vendors: Sequence[Vendor]) -> list[str]:
    """Returns the vendors of which not all entities are there yet."""
    return [
        f"entities of {vendor.name}"
        for vendor in vendors
        if sum(not one.disabled for one in await hass.entities(vendor.domain))
        < vendor.least_entities
    ]


async def wait_until_there(missing: Callable[[], Awaitable[list[str]]]) -> None:
    """Waits until nothing is missing; DemoError if something still is after a while."""
    if left := await no_problem_within(PATIENCE, missing):
        raise DemoError(f"missing after {PATIENCE} s: {', '.join(left)}")


async def name_homes(hass: Hass, homes: list[Home]) -> None:
    """Gives the homes of a vendor names, as their user would."""
    for home, name in zip(homes, homes[0].vendor.homes, strict=True):
        await hass.call(
            "config/device_registry/update", device_id=home.shown_id, name_by_user=name
        )


async def set_unreadable(hass: Hass, homes: list[Home]) -> None:
    """Sets the switches that are unknown until then, as their user does once."""
    for home in homes:
        keys = home.vendor.control.unreadable if home.vendor.control else ()
        unknown = [
            home.entities[key].entity_id
            for key in keys
            if key in home.entities and home.entities[key].state == "unknown"
        ]
        if unknown:
            await hass.post("/api/services/switch/turn_off", {"entity_id": unknown})


async def import_history(hass: Hass, demo: Demo, home: Home) -> None:
    """Imports some days, and today so far; waits until the home's sensor says so."""
    today = demo.local_time().date()
    last = today if home.vendor.history_today else today - timedelta(days=1)
    await hass.post(
        f"/api/services/{home.vendor.domain}/import_history",
        {
            "device_id": home.shown_id,
            "start": (today - timedelta(days=home.history_days)).isoformat(),
            "end": last.isoformat(),
        },
    )
    await wait_for_import(hass, home.name, home.entity_id(HISTORY))


async def wait_for_import(hass: Hass, name: str, status: str) -> None:
    """Waits up to 3 min until a sensor says that an import is done."""
    for _ in range(360):
        state = await hass.attribute(status, "state")
        if state in {"finished", "failed"}:
            break
        await asyncio.sleep(0.5)
    if state != "finished":
        raise DemoError(f"the import of {name}'s history is {state}")


async def set_up_vendor(hass: Hass, demo: Demo, vendor: Vendor) -> None:
    """Sets up one vendor's integration and imports the past, which begins early."""
    await prepare_simulator(demo, vendor)
    await create_entries(hass, demo, vendor)
    if isinstance(vendor, HomeVendor):
        homes = await wait_for_homes(hass, vendor)
        await set_unreadable(hass, homes)
        await asyncio.gather(
            *(import_history(hass, demo, home) for home in homes if home.history_days)
        )
        await name_homes(hass, homes)  # late: ids of entities begin with the name
    else:
        await asyncio.gather(
            *(
                # these have begun by themselves
                wait_for_import(hass, tariff.name, tariff.entity_id(PRICE_HISTORY))
                for tariff in await wait_for_tariffs(hass)
            )
        )
    print(f"  {vendor.name} is there", flush=True)


async def set_up(hass: Hass, demo: Demo) -> None:
    """Sets up what is not set up yet; a second start finds nothing to do."""
    missing = [vendor for vendor in VENDORS if vendor.domain not in demo.set_up]
    if not missing:
        return
    print("Setting up, which takes a minute or two:", flush=True)
    # each mostly waits for its cloud
    await asyncio.gather(*(set_up_vendor(hass, demo, vendor) for vendor in missing))
    homes, tariffs = await find_homes(hass), await find_tariffs(hass)
    await fill_energy_dashboard(hass, homes, tariffs)
    await make_dashboard(hass, homes, tariffs)
    await show_times_of_the_house(hass)
    demo.set_up += [vendor.domain for vendor in missing]
    demo.save()
