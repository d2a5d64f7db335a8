"""Made-up releases that follow the checkout's, and a look at whose code runs."""

import json
from pathlib import Path
import shutil

from scripts.buildlib.bundle import HUB

from .folder import ROOT
from .hass import Hass
from .hub_folder import build_hub

SHOWN_BY = "code"  # the domain of the states in which vendors show whose code they run
MARK = '\n\nCODE_OF_RELEASE = "{version}"\n'
SHOW = """

_set_up = async_setup_entry


async def async_setup_entry(hass, entry):
    import sys

    done = await _set_up(hass, entry)
    found = {{
        getattr(module, "CODE_OF_RELEASE", "none")
        for name, module in sys.modules.items()
        if name == __name__ or name.startswith(f"{{__name__}}.")
    }}
    hass.states.async_set("{shown_by}.{domain}", " ".join(sorted(found)))
    return done
"""


def version_after(steps: int) -> str:
    """Returns the version that is so many steps after the checkout's."""
    manifest = ROOT / "custom_components" / HUB / "manifest.json"
    version = json.loads(manifest.read_text(encoding="utf-8"))["version"]
    major, minor, patch = version.split(".")
    return f"{major}.{minor}.{int(patch) + steps}"


def build_next(folder: Path, version: str) -> Path:
    """Builds the checkout as another version; returns the zip that HACS installs.

    Every module of a vendor says from which release it is, and a vendor that is set up
    shows what its loaded modules say: more than one word if two releases are mixed.
    """
    tree, components = folder / version, Path("custom_components")
    ignored = shutil.ignore_patterns("__pycache__", ".*")
    shutil.copytree(ROOT / components, tree / components, ignore=ignored)
    for manifest in tree.glob("custom_components/*/manifest.json"):
        content = json.loads(manifest.read_text(encoding="utf-8"))
        manifest.write_text(json.dumps(content | {"version": version}))
        if manifest.parent.name != HUB:
            mark(manifest.parent, version)
    return build_hub(tree / "dist", tree)


def mark(vendor: Path, version: str) -> None:
    """Has a vendor's code say from which release it is."""
    for module in vendor.rglob("*.py"):
        with module.open("a", encoding="utf-8") as end:
            end.write(MARK.format(version=version))
    with (vendor / "__init__.py").open("a", encoding="utf-8") as end:
        end.write(SHOW.format(shown_by=SHOWN_BY, domain=vendor.name))


async def shown_code(hass: Hass) -> dict[str, str]:
    """Returns what the vendors' loaded modules say, by domain; the checkout's nothing."""
    return {
        domain: state["state"]
        for state in await hass.get("/api/states")
        for shown_by, _, domain in [state["entity_id"].partition(".")]
        if shown_by == SHOWN_BY
    }
