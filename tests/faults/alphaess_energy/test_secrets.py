"""Rows 42 and 44: secrets, and files that are damaged."""

import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import device_registry as dr, issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy.const import DOMAIN
from custom_components.alphaess_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator
from tests.alphaess_energy.conftest import CHARGER, SYSTEM_1, SYSTEM_2, Step, set_up

SECRETS = (APP_ID, APP_SECRET, SYSTEM_1, SYSTEM_2, CHARGER)
OURS = "custom_components.alphaess_energy"
STORE = "alphaess_energy.account_803578261c3f"


@pytest.mark.parametrize("homes", [2])
async def test_row_42_canary(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    step: Step,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No log line, exception, issue or diagnostics shows a secret or a serial."""
    caplog.set_level(logging.DEBUG)
    await set_up(hass, entry)
    echo = f"no access: {SYSTEM_1} {APP_ID} {APP_SECRET}"
    said: list[str] = []
    for fault in (
        {"kind": "vendor_error", "code": 6005, "message": echo},
        {"kind": "vendor_error", "code": 6026, "message": echo},
        {"kind": "vendor_error", "code": 4711, "message": echo},
        {"kind": "status", "status": 500},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "vendor_error", "code": 6007, "message": echo},
    ):
        sim.faults.clear()
        sim.faults.add(fault.pop("kind"), **fault)
        for _ in range(4):
            await step(61)
        device = dr.async_get(hass).async_get_device_by_identifier(
            (DOMAIN, SYSTEM_1), entry.entry_id
        )
        assert device is not None
        with pytest.raises(HomeAssistantError) as raised:
            await hass.services.async_call(
                DOMAIN,
                "read_history",
                {"device_id": device.id, "date": "2026-05-11"},
                blocking=True,
                return_response=True,
            )
        said.append(str(raised.value))
        said.extend(
            repr(coordinator.last_exception)
            for coordinator in entry.runtime_data.coordinators
        )
    said.append(json.dumps(await async_get_config_entry_diagnostics(hass, entry)))
    said.extend(
        str(issue.translation_placeholders)
        for issue in ir.async_get(hass).issues.values()
    )
    said.extend(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if record.name.startswith((OURS, "homeassistant.config_entries"))
    )
    assert len(said) > 20
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
            "documents": {"sites": {"raw": 5, "received_at": "soon"}},
            "counters": {"x": {"value": "abc"}},
            "notes": {f"{SYSTEM_1}/history_import": {"first": 1}},
        },
        {
            "documents": {
                "sites": {"raw": 5, "received_at": "2026-05-12T09:59:59+00:00"},
                f"{SYSTEM_1}/live": {
                    "raw": [],
                    "received_at": "2026-05-12T09:59:59+00:00",
                },
                f"{SYSTEM_1}/energy": {
                    "raw": {"asked": 3},
                    "received_at": "2026-05-12T09:59:59+00:00",
                },
                f"{SYSTEM_1}/chargers": {
                    "raw": {"a": 1},
                    "received_at": "2026-05-12T09:59:59+00:00",
                },
            }
        },
    ],
)
async def test_row_44_damaged_store(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
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
    assert entry.state.name == "LOADED"
    assert set(entry.runtime_data.systems) == {SYSTEM_1}
    assert all(c.known for c in entry.runtime_data.coordinators)
