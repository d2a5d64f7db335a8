"""An integration as its folder describes it."""

from dataclasses import dataclass
from functools import cached_property
import json
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

SUFFIX = "_energy"


@dataclass(frozen=True)
class Integration:
    """The folder of an integration, and the English texts in it."""

    folder: Path

    @property
    def domain(self) -> str:
        """The name that Home Assistant knows it by."""
        return self.folder.name

    @property
    def page(self) -> str:
        """The name of its page in docs/."""
        return self.domain.removesuffix(SUFFIX)

    @cached_property
    def english(self) -> dict[str, Any]:
        """All English texts."""
        text = (self.folder / "translations" / "en.json").read_text("utf-8")
        loaded: dict[str, Any] = json.loads(text)
        return loaded

    @cached_property
    def services(self) -> dict[str, Any]:
        """The actions with their fields and selectors."""
        path = self.folder / "services.yaml"
        return dict(load_yaml_dict(str(path))) if path.exists() else {}


def integrations(root: Path) -> list[Integration]:
    """Returns the integrations that have entities: the hub has none, and no page."""
    folders = sorted(
        path.parent for path in (root / "custom_components").glob("*/manifest.json")
    )
    found = [Integration(folder) for folder in folders]
    return [item for item in found if "entity" in item.english]
