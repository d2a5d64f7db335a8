"""An integration's zip alone in an empty Home Assistant, for every vendor."""

import asyncio
from collections.abc import Sequence
import json
from pathlib import Path
import sys
from typing import Any
from zipfile import ZipFile

from homeassistant.data_entry_flow import FlowResultType

from scripts.buildlib.build import build_vendor
from scripts.buildlib.bundle import Source

from .translation_rules import ROOT

RUN = Path(__file__).with_name("standalone_run.py")


async def set_up_alone(
    tmp_path: Path, domain: str, answers: Sequence[dict[str, Any] | None]
) -> dict[str, Any]:
    """Go through the dialog with the built zip; return what was seen.

    Asserts that an entry was made and loaded, that nothing of the repository was used,
    and that the log is silent.
    """
    folder = tmp_path / "custom_components" / domain
    source = Source(ROOT)
    forgotten = [path for path in source.left_out if f"/{domain}/" in path]
    assert forgotten == [], "git has to know them"
    with ZipFile(build_vendor(source, domain, tmp_path)) as archive:
        archive.extractall(folder)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        RUN,
        tmp_path,
        domain,
        json.dumps(answers),
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
    assert process.returncode == 0, errors.decode()
    seen: dict[str, Any] = json.loads(out)
    assert seen["end"] == FlowResultType.CREATE_ENTRY
    assert seen["state"] == "loaded"
    assert seen["repository"] == []
    assert len(seen["files"]) > 20
    assert all(Path(path).is_relative_to(folder) for path in seen["files"])
    assert len(seen["log"]) == 1, seen["log"]
    assert seen["log"][0].startswith(
        f"WARNING homeassistant.loader: We found a custom integration {domain} "
        "which has not been tested by Home Assistant."
    )
    return seen
