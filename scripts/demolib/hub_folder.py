"""The bundle as HACS puts it into a configuration folder."""

import json
from pathlib import Path
import shutil
from zipfile import ZipFile

from scripts.buildlib.build import build
from scripts.buildlib.bundle import HUB, Source

from .config_folder import prepare
from .folder import ROOT, Demo, DemoError


def build_hub(out: Path, root: Path = ROOT) -> Path:
    """Builds a checkout's release into a folder; returns the zip that HACS installs."""
    return next(path for path in build(Source(root), out) if path.stem == HUB)


def components(demo: Demo) -> Path:
    """Returns the folder of custom integrations.

    DemoError if it is a link: what is installed there would be deleted elsewhere.
    """
    folder = demo.config / "custom_components"
    if folder.is_symlink():
        raise DemoError(f"{folder} is a link; --fresh begins anew")
    return folder


def extract_hub(demo: Demo, archive: Path) -> None:
    """Installs or replaces the hub as HACS does, whether Home Assistant runs or not."""
    delete_hub(demo)
    with ZipFile(archive) as content:
        content.extractall(components(demo) / HUB)


def delete_hub(demo: Demo) -> None:
    """Deletes the hub as HACS does."""
    folder = components(demo) / HUB
    if folder.exists():
        shutil.rmtree(folder)


def installed(demo: Demo) -> dict[str, str]:
    """Returns the versions of the integrations that are there, by domain."""
    return {
        manifest.parent.name: json.loads(manifest.read_bytes())["version"]
        for manifest in components(demo).glob("*/manifest.json")
    }


def prepare_with_hub(demo: Demo, archive: Path) -> None:
    """Makes a configuration ready in which there is nothing but the hub."""
    prepare(demo, link=False)
    extract_hub(demo, archive)
