"""Rows 42 and 44: secrets, and files that are damaged."""

import hashlib
import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.connection import credentials_of
from custom_components.growatt_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.growatt import GrowattSimulator
from tests.growatt_energy.conftest import LOGGER, MIN, PLANT, Step, set_up
from tests.growatt_energy.flows import by_login, by_token, user_dialog

OURS = "custom_components.growatt_energy"
FORMS = {"token": by_token, "login": by_login}


def told(sim: GrowattSimulator, mode: str) -> list[str]:
    """Return what the integration knows and nobody else may see."""
    who = [sim.token]
    if mode == "login":
        who = [sim.user_name, modified_md5(sim.password)]
    return [*who, str(sim.user_id), sim.account.email, MIN, LOGGER, PLANT]


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_row_42_canary(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
    mode: str,
) -> None:
    """No log line, exception, issue or diagnostics shows a secret or a serial."""
    caplog.set_level(logging.DEBUG)
    await set_up(hass, entry)
    secrets = told(sim, mode)
    session = entry.runtime_data.account.notes.get("login/session") or {}
    secrets += session.get("cookies", {}).values()
    echo = " ".join(secrets)
    # What the vendor sends beside it
    secrets += [sim.account.phone, sim.account.cpower_token, sim.password]
    said: list[str] = [
        json.dumps(await async_get_config_entry_diagnostics(hass, entry))
    ]
    for fault in (
        {"kind": "vendor_error", "code": 10001, "message": echo},
        {"kind": "vendor_error", "code": 10011, "message": echo},
        {"kind": "status", "status": 403},
        {"kind": "replace", "body": echo},
        {"kind": "replace", "body": json.dumps({"error_code": echo, "data": echo})},
        {"kind": "html"},
        {"kind": "redirect", "location": f"https://127.0.0.1/{secrets[0]}"},
    ):
        sim.faults.clear()
        sim.faults.add(str(fault.pop("kind")), **fault)
        for _ in range(4):
            await step(305)
        said.extend(
            repr(coordinator.last_exception)
            for coordinator in entry.runtime_data.coordinators
        )
        dialog = await user_dialog(hass)
        await dialog.submit(next_step_id=mode)
        await dialog.submit(**FORMS[mode](sim))
        said.append(str(dialog.errors))
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
    assert len(said) > 40
    for text in said:
        for secret in secrets:
            assert secret.lower() not in text.lower(), text[:3000]


@pytest.mark.parametrize("mode", ["token", "login"])
@pytest.mark.parametrize(
    "stored",
    [
        "text",
        {"budget": 7, "documents": [], "counters": None, "notes": "x"},
        {
            "budget": {"times": {"plant/list": ["x", None, 1e400]}, "day": 5},
            "documents": {
                key: {"raw": raw, "received_at": "2026-05-12T09:59:59+00:00"}
                for key, raw in (
                    ("plants", {"a": 1}),
                    (f"plant_127.0.0.1_{PLANT}/devices", []),
                    (f"plant_127.0.0.1_{PLANT}/summary", 7),
                    ("live_min/live", [1]),
                    (f"{MIN}/live", "x"),
                    (f"{MIN}/settings", None),
                )
            },
            "counters": {f"{MIN}/solar_energy_total": {"value": "abc"}},
            "notes": {
                "login/session": "x",
                "login/lock": 5,
                "login/rejected": [],
                f"plant_127.0.0.1_{PLANT}/zone": 7,
                f"{MIN}/has_battery": "x",
            },
        },
    ],
    ids=["text", "wrong types", "wrong inside"],
)
async def test_row_44_damaged_store(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: Any,
) -> None:
    """Whatever the file holds, the entry starts and reads anew."""
    account = credentials_of(entry.data).account_id
    digest = hashlib.sha256(account.encode()).hexdigest()[:12]
    hass_storage[f"growatt_energy.account_{digest}"] = {
        "version": 1,
        "minor_version": 1,
        "key": "x",
        "data": stored,
    }
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    assert entry.runtime_data.devices[MIN].fresh
