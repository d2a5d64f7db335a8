"""Starts a script of this folder: ``python3 -I start.py NAME ARGUMENTS``.

Every Python 3 has to understand this file, as it says to old ones that they are.
"""

import importlib
from pathlib import Path
import sys

NEEDED = (3, 11)

if sys.version_info < NEEDED:
    found = ".".join(map(str, sys.version_info[:2]))
    sys.exit(f"This needs Python 3.11 or newer, {sys.executable} is {found}")

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
sys.exit(importlib.import_module(f"scripts.buildlib.{sys.argv.pop(1)}").main())
