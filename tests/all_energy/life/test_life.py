"""The bundle's whole life in a real Home Assistant, on simulated houses."""

import asyncio
from asyncio.subprocess import PIPE, STDOUT
import sys

import pytest

from scripts.demolib.folder import ROOT

PATIENCE = 400  # s, beside other tests


@pytest.mark.slow
async def test_from_the_download_to_the_end() -> None:
    arguments = ["-m", "scripts.demolib", "--hacs", "--check"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, stdout=PIPE, stderr=STDOUT
    )
    try:
        async with asyncio.timeout(PATIENCE):
            output, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.terminate()  # it ends what it has started
            await process.wait()
    assert process.returncode == 0, output.decode(errors="replace")
