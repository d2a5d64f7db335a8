"""Rows 42 and 44: secrets, and files that are damaged."""

import hashlib
import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.connection import application_of
from custom_components.sungrow_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.sungrow import SungrowSimulator
from tests.sungrow_energy.conftest import Step, asked, set_up

from .conftest import OURS, of_type

HYBRID = 14


def told(sim: SungrowSimulator, entry: MockConfigEntry) -> list[str]:
    """Return what the integration knows and nobody else may see."""
    plant = sim.plants[0]
    found = [sim.app_key, sim.secret, str(sim.user_id), plant.id]
    found += [device.sn for device in plant.devices if device.sn]
    found += [device.uuid for device in plant.devices]
    if entry.data["mode"] == "login":
        return [*found, sim.user_name, sim.password]
    token = entry.data["token"]
    return [*found, token["access_token"], token["refresh_token"]]


@pytest.mark.parametrize("mode", ["oauth", "login"])
async def test_row_42_canary(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No log line, exception, issue or diagnostics shows a secret or a serial."""
    caplog.set_level(logging.DEBUG)
    await set_up(hass, entry)
    secrets = told(sim, entry)
    session = entry.runtime_data.account.notes.get("login/session") or {}
    secrets += [session["token"]] if session else []
    echo = " ".join(secrets)
    said = [json.dumps(await async_get_config_entry_diagnostics(hass, entry))]
    assert sim.plants[0].name not in said[0]
    for fault in (
        {"kind": "vendor_error", "code": 900, "message": echo},
        {"kind": "status", "status": 403},
        {"kind": "replace", "body": echo},
        {"kind": "replace", "body": json.dumps({"result_code": echo})},
        {"kind": "redirect", "location": f"https://127.0.0.1/{secrets[0]}"},
    ):
        sim.faults.clear()
        sim.faults.add(str(fault.pop("kind")), **fault)
        for _ in range(3):
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
                    ("plants/live", 7),
                    ("faults", "x"),
                    ("type_14/live", [1]),
                    ("type_43/live", {"device_point_list": 5}),
                )
            },
            "counters": {"plant_1/pv_energy_total": {"value": "abc"}},
            "notes": {"login/session": "x", "plant_1/sources": 7, "x/has_y": "z"},
        },
    ],
    ids=["text", "wrong types", "wrong inside"],
)
async def test_row_44_damaged_account(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: Any,
) -> None:
    """Whatever the file holds, the entry starts and reads anew."""
    put(hass_storage, entry, "account", stored)
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    assert of_type(entry, HYBRID).fresh


@pytest.mark.parametrize(
    "stored", ["text", [], {"access_token": 5}, {"access_token": "x"}]
)
async def test_row_44_damaged_tokens(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: Any,
) -> None:
    """The entry has a copy."""
    put(hass_storage, entry, "tokens", stored)
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    assert asked(hass, entry) == 0


def put(storage: dict[str, Any], entry: MockConfigEntry, kind: str, data: Any) -> None:
    """Store something for the account of an entry."""
    account = application_of(entry.data).account_id
    digest = hashlib.sha256(account.encode()).hexdigest()[:12]
    storage[f"sungrow_energy.{kind}_{digest}"] = {
        "version": 1,
        "minor_version": 1,
        "key": "x",
        "data": data,
    }
