"""The command line of scripts/build."""

import argparse
from contextlib import suppress
import hashlib
import json
from pathlib import Path
import sys
import tempfile
from zipfile import BadZipFile, ZipFile

from .bundle import HUB, BundleError, Source, write_zip
from .hub_code import folders
from .tree import write_tree

ROOT = Path(__file__).resolve().parents[2]
DESCRIPTION = f"""\
Builds what a release consists of: {HUB}.zip, which HACS installs, with all vendors as
its payload, and DOMAIN.zip for each vendor alone. The same source gives the same bytes.
"""


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="scripts/build", description=DESCRIPTION)
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOT / "dist",
        help="the folder for it, default dist/; files of earlier builds are replaced",
    )
    parser.add_argument(
        "--tree",
        metavar="DOMAIN",
        help="instead: the tree of a repository with this one vendor alone",
    )
    return parser.parse_args()


def build(source: Source, out: Path) -> list[Path]:
    """Writes all zips; BundleError if the source is not fit for a release.

    The zip of a vendor that is no more would be taken for one of this build.
    """
    source.version()
    out.mkdir(parents=True, exist_ok=True)
    written = [out / f"{HUB}.zip"]
    with tempfile.TemporaryDirectory() as name:
        source.hub(Path(name) / HUB)
        write_zip(Path(name) / HUB, written[0])
    written += [build_vendor(source, domain, out) for domain in source.vendors]
    for path in {*out.glob("*.zip")} - {*written}:
        if is_vendors(path):
            path.unlink()
    return written


def build_vendor(source: Source, domain: str, out: Path) -> Path:
    """Writes the zip of one vendor."""
    path = out / f"{domain}.zip"
    with tempfile.TemporaryDirectory() as name:
        source.stamped(domain, Path(name) / domain)
        write_zip(Path(name) / domain, path)
    return path


def is_vendors(path: Path) -> bool:
    """Whether a zip is one that was built of a vendor of its name."""
    mark = None
    wrong = suppress(OSError, BadZipFile, KeyError, ValueError, RuntimeError)
    with wrong, ZipFile(path) as archive:
        mark = json.loads(archive.read(folders.STAMP))
    wanted = {"by": folders.BY, "domain": path.stem}
    return isinstance(mark, dict) and wanted.items() <= mark.items()


def main() -> int:
    """Builds; returns the exit code."""
    options = arguments()
    source = Source(ROOT)
    for name in source.left_out:
        print(f"build: not in git, and left out: {name}", file=sys.stderr)
    try:
        if options.tree:
            print(write_tree(source, options.tree, options.out))
            return 0
        for path in build(source, options.out):
            checksum = hashlib.sha256(path.read_bytes()).hexdigest()
            print(f"{checksum}  {path}")
    except (BundleError, OSError) as err:
        print(f"build: {err}", file=sys.stderr)
        return 1
    return 0
