"""The folder alone is the whole integration: that is what people copy."""

import asyncio
import json
from pathlib import Path
import shutil
import sys

from homeassistant.data_entry_flow import FlowResultType
import pytest

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator

from ..translation_rules import ROOT

RUN = Path(__file__).with_name("standalone_run.py")


@pytest.fixture(autouse=True)
def amber(socket_enabled: None) -> None:
    """Real time and no Home Assistant in this process."""


@pytest.mark.slow
async def test_folder_alone(tmp_path: Path) -> None:
    """In an empty Home Assistant the dialog appears and leads to readings."""
    folder = tmp_path / "custom_components" / DOMAIN
    shutil.copytree(
        ROOT / "custom_components" / DOMAIN,
        folder,
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    sim = AmberSimulator(sites=1)
    await sim.start()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        RUN,
        tmp_path,
        sim.url,
        sim.token,
        cwd=tmp_path,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            out, errors = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await sim.stop()
    assert process.returncode == 0, errors.decode()
    seen = json.loads(out)
    assert seen["form"] == "user"
    assert seen["end"] == FlowResultType.CREATE_ENTRY
    assert seen["state"] == "loaded"
    assert "Amber 3456 General price" in seen["names"]
    assert seen["repository"] == []
    assert len(seen["files"]) > 20
    assert all(Path(path).is_relative_to(folder) for path in seen["files"])
    assert len(seen["log"]) == 1, seen["log"]
    assert seen["log"][0].startswith(
        f"WARNING homeassistant.loader: We found a custom integration {DOMAIN} "
        "which has not been tested by Home Assistant."
    )
    assert sim.counters.count("sites") == 1
