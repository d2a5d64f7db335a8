"""A repository of one vendor alone, for those who want to install nothing else."""

import json
from pathlib import Path
import shutil

from .bundle import BundleError, Source, read_json


def write_tree(source: Source, domain: str, out: Path) -> Path:
    """Writes a tree that HACS installs without the hub; returns where it is.

    It has no stamp: such an installation is not the bundle's, and left alone by it.
    """
    if domain not in source.vendors:
        raise BundleError(f"{domain} is none of {', '.join(source.vendors)}")
    tree = out / f"{domain}-tree"
    if tree.exists():
        shutil.rmtree(tree)
    folder = tree / "custom_components" / domain
    source.copy(domain, folder)
    shutil.copyfile(folder / "README.md", tree / "README.md")
    shutil.copyfile(source.root / "LICENSE", tree / "LICENSE")
    hacs = read_json(source.root / "hacs.json")
    kept = {
        "name": source.manifest(domain)["name"],
        "homeassistant": hacs["homeassistant"],
        "render_readme": True,
    }
    (tree / "hacs.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return tree
