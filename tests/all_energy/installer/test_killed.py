"""A real SIGKILL at each file operation: never a mixed folder, and the next run heals."""

import json
from pathlib import Path
import subprocess
import sys

ROOT = Path(__file__).parents[3]


def test_killed_at_each_operation() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.all_energy.installer.killing"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    kills = json.loads(done.stdout)
    assert set(kills) == {"fresh", "exchange", "remove", "bring", "heal"}
    assert all(number > 20 for number in kills.values()), kills
