"""Rows 42 and 44: secrets, and files that are damaged."""

import hashlib
import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sonnen_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.sonnen import TOKEN, SonnenBattery, SonnenSimulator
from tests.sonnen_energy.conftest import SERIAL, Step, entry_of, set_up
from tests.sonnen_energy.flows import MAC_SHOWN, Dialog, typed

OURS = "custom_components.sonnen_energy"
SECRETS = (TOKEN, SERIAL, MAC_SHOWN)
STORE = f"sonnen_energy.account_{hashlib.sha256(SERIAL.encode()).hexdigest()[:12]}"
AT = "2026-05-12T09:59:59+00:00"


async def test_row_42_canary(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    battery: SonnenBattery,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No log line, exception, issue or diagnostics shows a secret or the serial."""
    caplog.set_level(logging.DEBUG)
    entry = entry_of(battery, mac=MAC_SHOWN)
    await set_up(hass, entry)
    echo = f"no access: {SERIAL} {TOKEN} {MAC_SHOWN}"
    said: list[str] = []
    for fault in (
        {"kind": "vendor_error", "code": 400, "message": echo},
        {"kind": "vendor_error", "code": 403, "message": echo},
        {"kind": "vendor_error", "code": 500, "message": echo},
        {"kind": "replace", "body": echo},
        {"kind": "replace", "body": json.dumps({"USOC": echo})},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "redirect", "location": f"https://127.0.0.1/{TOKEN}"},
        {"kind": "vendor_error", "code": 401, "message": echo},
    ):
        sim.faults.clear()
        sim.faults.add(str(fault.pop("kind")), **fault)  # type: ignore[arg-type]
        for _ in range(7):
            await step(10)
        said.extend(
            repr(coordinator.last_exception)
            for coordinator in entry.runtime_data.coordinators
        )
        dialog = await Dialog.user(hass)
        await dialog.submit(**typed(battery, serial="777777"))
        said.append(str(dialog.errors))
    said.append(json.dumps(await async_get_config_entry_diagnostics(hass, entry)))
    said.extend(
        f"{issue.issue_id} {issue.data}" for issue in ir.async_get(hass).issues.values()
    )
    said.extend(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if record.name.startswith((OURS, "homeassistant.config_entries"))
    )
    assert len(said) > 60
    for text in said:
        for secret in SECRETS:
            assert secret.lower() not in text.lower(), text


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        "text",
        {"budget": 7, "documents": [], "counters": None, "notes": "x"},
        {
            "budget": {"times": {"default": ["x", None, 1e400]}, "day": 5},
            "documents": {f"{SERIAL}/live": {"raw": 5, "received_at": "soon"}},
            "counters": {f"{SERIAL}/flow/solar": {"value": "abc"}},
            "notes": {
                f"{SERIAL}/seen": "x",
                f"{SERIAL}/day": [1],
                f"{SERIAL}/full_since": "never",
            },
        },
        {
            "documents": {
                f"{SERIAL}/{key}": {"raw": raw, "received_at": AT}
                for key, raw in (
                    ("live", []),
                    ("detail", "x"),
                    ("battery", 7),
                    ("meters", {"a": 1}),
                    ("configurations", [1]),
                    ("io", None),
                )
            },
            "notes": {f"{SERIAL}/day": {"day": "2026-05-12", "starts": {"solar": "x"}}},
        },
    ],
)
async def test_row_44_damaged_store(
    hass: HomeAssistant,
    sim: SonnenSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    step: Step,
    stored: Any,
) -> None:
    """Whatever the file holds, the entry starts and reads anew."""
    hass_storage[STORE] = {
        "version": 1,
        "minor_version": 1,
        "key": STORE,
        "data": stored,
    }
    await set_up(hass, entry)
    for _ in range(7):
        await step(10)
    assert entry.state.name == "LOADED"
    assert all(c.known for c in entry.runtime_data.coordinators)
    assert entry.runtime_data.detail.data.values.bms_state == "ready"
