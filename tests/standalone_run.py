"""Runs Home Assistant on a config folder and sets an account up; prints what it saw.

Started by ``standalone.py`` as ``python -I standalone_run.py CONFIG_FOLDER DOMAIN
ANSWERS``: without the repository on the module search path. ``ANSWERS`` is a JSON list
of what each form gets; null takes the form's defaults.
"""

import asyncio
from importlib.util import find_spec
import json
import logging
from pathlib import Path
import socket
import sys
from typing import Any, override
from unittest.mock import patch

from aiohttp import ThreadedResolver
from homeassistant import block_async_io, bootstrap, loader
from homeassistant.auth import auth_manager_from_config
from homeassistant.config_entries import SOURCE_USER, ConfigEntries
from homeassistant.core import HomeAssistant


class Warnings(logging.Handler):
    """Keeps what a person would find in the log."""

    def __init__(self) -> None:
        """Take warnings and what is worse."""
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    @override
    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


class Resolver(ThreadedResolver):
    """Instead of Home Assistant's own, which looks for devices on the network."""

    async def real_close(self) -> None:
        """End, as Home Assistant does."""
        await self.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


async def _all_entities(hass: HomeAssistant) -> None:
    """Wait until no more come: some are added by what goes on after the set-up."""
    for _ in range(20):
        seen = len(hass.states.async_all())
        await asyncio.sleep(0.5)
        if seen == len(hass.states.async_all()):
            return


async def run(folder: str, domain: str, answers: str) -> dict[str, Any]:
    """Go through the dialog as a new user does."""
    hass = HomeAssistant(folder)
    hass.config.skip_pip = True
    loader.async_setup(hass)
    block_async_io.enable()
    # For integrations that have a web view of their own, at any free port
    http = {"server_host": ["127.0.0.1"], "server_port": _free_port()}
    hass.config_entries = ConfigEntries(hass, {"http": http})
    await bootstrap.async_load_base_functionality(hass)
    hass.auth = await auth_manager_from_config(hass, [], [])
    await hass.async_start()

    flow = hass.config_entries.flow
    form = end = await flow.async_init(domain, context={"source": SOURCE_USER})
    for answer in json.loads(answers):
        schema = end.get("data_schema")
        defaults = schema({}) if answer is None and schema is not None else {}
        end = await flow.async_configure(form["flow_id"], answer or defaults)
    await _all_entities(hass)
    (entry,) = hass.config_entries.async_entries(domain)
    seen = {
        "form": form["step_id"],
        "end": end["type"],
        "state": entry.state.value,
        "names": [state.name for state in hass.states.async_all()],
        "files": [
            module.__file__
            for name, module in sys.modules.items()
            if name.startswith("custom_components.") and module.__file__
        ],
        "repository": [name for name in ("core", "simulator") if find_spec(name)],
    }
    # What the start of a component sets off is no warning of ours if it is cut off.
    await hass.async_block_till_done()
    await hass.async_stop(force=True)
    return seen


def main() -> None:
    """Print the findings as one line of JSON."""
    log = Warnings()
    logging.getLogger().addHandler(log)
    with patch(
        "homeassistant.helpers.aiohttp_client._async_make_resolver",
        lambda _hass: Resolver(),
    ):
        seen = asyncio.run(run(*sys.argv[1:]))
    json.dump({**seen, "log": log.lines}, sys.stdout)


if __name__ == "__main__":
    assert Path(sys.argv[1]).is_dir()
    main()
