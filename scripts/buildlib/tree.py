"""A repository of one vendor alone, for those who want to install nothing else."""

import json
from pathlib import Path
import re
import shutil
from urllib.parse import urljoin

from .bundle import BundleError, Source, read_json

MAIN = "/blob/main/"
RELATIVE = re.compile(r"(!?)(\[[^\]]*\])\((?!\w+:|#)([^)\s]+)\)")


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
    (tree / "README.md").write_text(_page(source, domain), encoding="utf-8")
    shutil.copyfile(source.root / "LICENSE", tree / "LICENSE")
    hacs = read_json(source.root / "hacs.json")
    kept = {
        "name": source.manifest(domain)["name"],
        "homeassistant": hacs["homeassistant"],
        "render_readme": True,
    }
    (tree / "hacs.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return tree


def _page(source: Source, domain: str) -> str:
    """Returns a vendor's page of the documentation, to be read anywhere."""
    address = str(source.manifest(domain).get("documentation"))
    try:
        path = source.root / address.partition(MAIN)[2]
        page = path.read_text(encoding="utf-8")
    except OSError as err:
        raise BundleError(f"{domain} has no documentation at {address}") from err

    def absolute(link: re.Match[str]) -> str:
        kind, name, target = link.groups()
        found = urljoin(address, target)
        # A picture's page is no picture
        return f"{kind}{name}({found.replace(MAIN, '/raw/main/') if kind else found})"

    return RELATIVE.sub(absolute, page)
