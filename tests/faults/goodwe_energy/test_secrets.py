"""Rows 42 and 44: secrets, and files that are damaged."""

import hashlib
import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy.connection import login_of
from custom_components.goodwe_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.goodwe import GoodWeSimulator
from tests.goodwe_energy.conftest import Step, set_up

from .conftest import OURS, of_class


def told(sim: GoodWeSimulator, entry: MockConfigEntry) -> list[str]:
    """Return what the integration knows and nobody else may see."""
    found = [sim.account, sim.password, sim.uid]
    found += [station.id for station in sim.stations]
    found += list(sim.devices)
    for note in entry.runtime_data.account.notes.values():
        if isinstance(note, dict) and isinstance(fields := note.get("fields"), dict):
            found += [fields["token"], fields["uuid"]]
    return found


@pytest.mark.parametrize("homes", [("hybrid", "charger")])
async def test_row_42_canary(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No log line, exception, issue or diagnostics shows a secret or a serial."""
    caplog.set_level(logging.DEBUG)
    await set_up(hass, entry)
    secrets = told(sim, entry)
    assert len(secrets) >= 3 + 2 + 9 + 2
    echo = " ".join(secrets)
    said = [json.dumps(await async_get_config_entry_diagnostics(hass, entry))]
    assert sim.stations[0].name not in said[0]
    for fault in (
        {"kind": "vendor_error", "message": echo},
        {"kind": "status", "status": 403},
        {"kind": "replace", "body": echo},
        {"kind": "replace", "body": json.dumps({"code": echo, "msg": echo})},
        {"kind": "redirect", "location": f"https://127.0.0.1/{secrets[3]}"},
    ):
        sim.faults.clear()
        sim.faults.add(str(fault.pop("kind")), **fault)
        for _ in range(2):
            await step(350)
        said.extend(
            repr(coordinator.last_exception)
            for coordinator in entry.runtime_data.coordinators
        )
    said.append(json.dumps(await async_get_config_entry_diagnostics(hass, entry)))
    said.extend(
        f"{issue.issue_id} {issue.data} {issue.translation_placeholders}"
        for issue in ir.async_get(hass).issues.values()
    )
    said.extend(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if record.name.startswith((OURS, "homeassistant.config_entries"))
    )
    assert len(said) > 30
    for text in said:
        for secret in secrets:
            assert secret.lower() not in text.lower(), (secret, text[:3000])


@pytest.mark.parametrize(
    "stored",
    [
        "text",
        {"budget": 7, "documents": [], "counters": None, "notes": "x"},
        {
            "budget": {"times": {"login": ["x", None, 1e400]}, "day": 5},
            "documents": {
                key: {"raw": raw, "received_at": "2026-05-12T09:59:59+00:00"}
                for key, raw in (
                    ("plants", {"a": 1}),
                    ("ID/info", 7),
                    ("ID/devices", {"status": 7, "page": "x", "related": []}),
                    ("ID/today", {"day": 7, "energy": "x"}),
                    ("ID/income", [1]),
                    ("ID/lifetime", {"years": {"2026": 7}}),
                    ("ID/alarms", {"counts": [], "rows": "x"}),
                    ("SN/counters", {"a": 5}),
                    ("SN/information", 5),
                )
            },
            "counters": {"ID/solar_energy_total": {"value": "abc"}},
            "notes": {"ID/sources": 7, "ID/years": "x", "ID/income": [], "SN/x": 1},
        },
    ],
    ids=["text", "wrong types", "wrong inside"],
)
async def test_row_44_damaged_account(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: Any,
    step: Step,
) -> None:
    """Whatever the file holds, the entry starts and reads anew."""
    serial = next(sn for sn, one in sim.devices.items() if one.type == "INVERTER")
    data = json.dumps(stored).replace("SN/", f"{serial}/")
    data = data.replace("ID/", f"{sim.stations[0].id}/")
    account = login_of(entry.data).account_id
    digest = hashlib.sha256(account.encode()).hexdigest()[:12]
    hass_storage[f"goodwe_energy.account_{digest}"] = {
        "version": 1,
        "minor_version": 1,
        "key": "x",
        "data": json.loads(data),
    }
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    for _ in range(3):
        await step(600)
    device = of_class(entry, "inverter")
    assert device.fresh
    assert device.plant.values["solar_energy_total"] > 0
    assert device.values["firmware"]
