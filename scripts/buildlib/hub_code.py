"""The hub's installer without the hub, whose package needs Home Assistant."""

import importlib.util
from pathlib import Path
import sys
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["installer"]

if TYPE_CHECKING:
    from custom_components.all_energy import installer
else:

    def _load(path: Path) -> ModuleType:
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[path.stem] = module
        spec.loader.exec_module(module)
        return module

    installer = _load(
        Path(__file__).parents[2] / "custom_components" / "all_energy" / "installer.py"
    )
