"""Rows 42 and 44: secrets, and files that are damaged."""

import hashlib
import json
import logging
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from custom_components.amber_energy.diagnostics import (
    async_get_config_entry_diagnostics,
)
from simulator.amber import TOKEN, AmberSimulator, Site
from tests.amber_energy.conftest import set_up
from tests.amber_energy.passing import Passing

OURS = "custom_components.amber_energy"


async def test_row_42_canary(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """No log line, exception, issue or diagnostics shows a token, site or meter."""
    caplog.set_level(logging.DEBUG)
    await set_up(hass, entry)
    await entry.runtime_data.settings.set("websocket", True)
    said: list[str] = []
    echo = json.dumps({"message": f"no access: {site.id} {site.nmi} {TOKEN}"})
    faults: tuple[dict[str, Any], ...] = (
        {"kind": "replace", "body": echo},
        {"kind": "status", "status": 500},
        {"kind": "status", "status": 404},
        {"kind": "status", "status": 429},
        {"kind": "status", "status": 422},
        {"kind": "html"},
        {"kind": "reset"},
        {"kind": "status", "status": 403},
    )
    for fault in faults:
        sim.faults.clear()
        sim.faults.add(**fault)
        await step(310)
        with pytest.raises(HomeAssistantError) as raised:
            await hass.services.async_call(
                DOMAIN,
                "get_usage",
                {
                    "config_entry_id": entry.entry_id,
                    "start": "2026-10-01",
                    "end": "2026-10-02",
                },
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
        str((key, issue.translation_placeholders))
        for key, issue in ir.async_get(hass).issues.items()
    )
    said.extend(
        f"{record.getMessage()} {record.exc_text}"
        for record in caplog.records
        if record.name.startswith((OURS, "homeassistant.config_entries"))
    )
    assert len(said) > 30
    for text in said:
        for secret in (TOKEN, site.id, site.nmi):
            assert secret.lower() not in text.lower(), text


@pytest.mark.parametrize(
    "stored",
    [
        {},
        [],
        "text",
        {"budget": 7, "documents": [], "counters": None, "notes": "x"},
        {
            "budget": {"times": {"prices": ["x", None, 1e400]}, "day": 5},
            "documents": {"sites": {"raw": 5, "received_at": "soon"}},
            "counters": {"x": {"value": "abc"}},
            "notes": {
                "limits": {"prices_current": {"remaining": "many", "reset": None}},
                "01J9ZK3V7Q8M2N4P6R8T0W2X4Y/channels": {"general": 1},
                "01J9ZK3V7Q8M2N4P6R8T0W2X4Y/confirmations": [["a"], 5, None],
                "01J9ZK3V7Q8M2N4P6R8T0W2X4Y/usage": {"days": [5], "tries": "x"},
            },
        },
        {
            "documents": {
                "sites": {"raw": 5, "received_at": "2026-10-07T02:01:59+00:00"},
                "01J9ZK3V7Q8M2N4P6R8T0W2X4Y/prices": {
                    "raw": [5],
                    "received_at": "2026-10-07T02:01:59+00:00",
                },
            },
            "notes": {
                "limits": "none",
                "01J9ZK3V7Q8M2N4P6R8T0W2X4Y/channels": ["sideways", None, 3, []],
                "01J9ZK3V7Q8M2N4P6R8T0W2X4Y/usage": [],
            },
        },
    ],
)
async def test_row_44_damaged_store(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    hass_storage: dict[str, Any],
    stored: Any,
) -> None:
    """Whatever the file holds, the entry starts and reads anew."""
    assert site.id == "01J9ZK3V7Q8M2N4P6R8T0W2X4Y"
    key = store_key(sim)
    hass_storage[key] = {"version": 1, "minor_version": 1, "key": key, "data": stored}
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    assert entry.runtime_data.site is not None
    assert entry.runtime_data.prices.fresh
    assert [str(channel) for channel in entry.runtime_data.channels] == [
        "general",
        "controlled_load",
        "feed_in",
    ]


def store_key(sim: AmberSimulator) -> str:
    """Return the name of the token's file."""
    digest = hashlib.sha256(f"{sim.url}\n{TOKEN}".encode()).hexdigest()[:12]
    return f"{DOMAIN}.account_{digest}"
