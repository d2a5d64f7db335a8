"""The hub's installer without the hub, whose package needs Home Assistant."""

import importlib
from pathlib import Path
import sys
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["folders", "installer"]

if TYPE_CHECKING:
    from custom_components.all_energy import folders, installer
else:
    _package = ModuleType("hub_alone")
    _package.__path__ = [
        str(Path(__file__).parents[2] / "custom_components" / "all_energy")
    ]
    sys.modules[_package.__name__] = _package
    folders = importlib.import_module("hub_alone.folders")
    installer = importlib.import_module("hub_alone.installer")
