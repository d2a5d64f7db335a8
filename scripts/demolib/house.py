"""Setting the demo's house up, the way its user would: flow, history, dashboards."""

import asyncio
from datetime import timedelta
from typing import Any

from .dashboard import make_dashboard, show_times_of_the_house
from .energy import fill_energy_dashboard
from .folder import Demo, DemoError
from .hass import Hass
from .homes import HISTORY, Home, find_homes
from .vendors import VENDORS, Vendor, ports

HISTORY_DAYS = 7


async def create_entries(hass: Hass, demo: Demo, vendor: Vendor) -> None:
    """Sets up a vendor's integration unless an interrupted start did already."""
    there = len(await hass.call("config_entries/get", domain=vendor.domain))
    entries = list(zip(ports(vendor), vendor.entries, strict=True))
    for place, answers in entries[there:]:
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


async def wait_for_homes(hass: Hass, vendors: list[Vendor]) -> list[Home]:
    """Waits up to 60 s until all homes of the vendors have what the demo shows."""
    for _ in range(120):
        homes = [home for home in await find_homes(hass) if home.vendor in vendors]
        missing = [f"{home.name}: {key}" for home in homes for key in home.missing()]
        for vendor in vendors:
            found = len([home for home in homes if home.vendor == vendor])
            if found < len(vendor.homes):
                missing.append(f"{len(vendor.homes) - found} homes of {vendor.name}")
            entities = await hass.entities(vendor.domain)
            if sum(not one.disabled for one in entities) < vendor.least_entities:
                missing.append(f"entities of {vendor.name}")
        if not missing:
            return homes
        await asyncio.sleep(0.5)
    raise DemoError(f"missing after a minute: {', '.join(missing)}")


async def name_homes(hass: Hass, homes: list[Home]) -> None:
    """Gives the homes names, as their user would."""
    for vendor in {home.vendor.domain: home.vendor for home in homes}.values():
        of_vendor = [home for home in homes if home.vendor == vendor]
        for home, name in zip(of_vendor, vendor.homes, strict=True):
            await hass.call(
                "config/device_registry/update",
                device_id=home.device_id,
                name_by_user=name,
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
    """Imports a week and today so far; waits until the home's sensor says so."""
    today = demo.local_time().date()
    await hass.post(
        f"/api/services/{home.vendor.domain}/import_history",
        {
            "device_id": home.device_id,
            "start": (today - timedelta(days=HISTORY_DAYS)).isoformat(),
            "end": today.isoformat(),
        },
    )
    status = home.entity_id(HISTORY)
    for _ in range(360):
        state = await hass.attribute(status, "state")
        if state in {"finished", "failed"}:
            break
        await asyncio.sleep(0.5)
    if state != "finished":
        raise DemoError(f"the import of {home.name}'s history is {state}")


async def set_up(hass: Hass, demo: Demo) -> None:
    """Sets up what is not set up yet; a second start finds nothing to do."""
    missing = [vendor for vendor in VENDORS if vendor.domain not in demo.set_up]
    if not missing:
        return
    for vendor in missing:
        print(f"Setting up {vendor.name}", flush=True)
        await create_entries(hass, demo, vendor)
    homes = await wait_for_homes(hass, missing)
    await set_unreadable(hass, homes)
    with_history = [home for home in homes if home.vendor.history]
    if with_history:
        print(f"Importing {HISTORY_DAYS} days of history", flush=True)
        await asyncio.gather(
            *(import_history(hass, demo, home) for home in with_history)
        )
    await name_homes(hass, homes)  # late: ids of entities begin with the name
    homes = await find_homes(hass)
    await fill_energy_dashboard(hass, homes)
    await make_dashboard(hass, homes)
    await show_times_of_the_house(hass)
    demo.set_up += [vendor.domain for vendor in missing]
    demo.save()
