"""The command line of scripts/release."""

import argparse
from pathlib import Path
import sys
import tempfile
import tomllib

from .build import build
from .bundle import BundleError, Source, read_json
from .github import (
    check_repository,
    download,
    open_draft,
    publish,
    run,
    tagged,
    upload,
    version_of,
)
from .verify import check_zips

ROOT = Path(__file__).resolve().parents[2]
BRANCH = "origin/main"  # whatever else is tagged has not been looked at
DESCRIPTION = """\
Publishes what scripts/build makes as a release on GitHub: a draft first, which nobody
sees, then its files; they are downloaded again and compared, and only if they are right
the release is published. HACS has nothing to fall back to if a file is missing or wrong.
"""


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="scripts/release", description=DESCRIPTION)
    parser.add_argument(
        "tag",
        metavar="TAG",
        help="the version in all manifests and in pyproject.toml; what is checked out",
    )
    return parser.parse_args()


def check_checkout(source: Source, tag: str) -> None:
    """Raises BundleError if the checkout is not exactly what the tag stands for."""
    if version_of(tag) is None:
        raise BundleError(f"{tag} is no version like 1.2.3")
    path = source.root / "pyproject.toml"
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["version"]
    for name, version in (("manifests", source.version()), (path.name, project)):
        if version != tag:
            raise BundleError(f"the tag is {tag}, but the {name} say {version}")
    if changed := run(source.root, "git", "status", "--porcelain"):
        raise BundleError(f"the checkout is not as in git:\n{changed.rstrip()}")
    here, tagged = (
        run(source.root, "git", "rev-parse", "--verify", f"{revision}^{{commit}}")
        for revision in ("HEAD", f"refs/tags/{tag}")
    )
    if here != tagged:
        raise BundleError(f"what is checked out is not {tag}")
    if run(source.root, "git", "rev-list", "--max-count=1", "HEAD", f"^{BRANCH}"):
        raise BundleError(f"{tag} is not on {BRANCH}")


def check_hacs(root: Path, built: list[Path]) -> None:
    """Raises BundleError if HACS would look for something else than what was built."""
    told = read_json(root / "hacs.json")
    names = [path.name for path in built]
    if told.get("zip_release") is not True or told.get("filename") not in names:
        raise BundleError(f"hacs.json is to name one of {names} as its zip_release")


def check_upload(built: list[Path], folder: Path) -> None:
    """Raises BundleError unless a folder has what was built, byte for byte."""
    names = {path.name for path in built}
    if others := names ^ {path.name for path in folder.iterdir()}:
        raise BundleError(f"missing or too much in the draft: {sorted(others)}")
    for path in built:
        if path.read_bytes() != (folder / path.name).read_bytes():
            raise BundleError(f"{path.name} in the draft is not what was uploaded")


def release(source: Source, tag: str) -> None:
    """Publishes; BundleError, and nothing is published, if anything is not right."""
    root = source.root
    check_checkout(source, tag)
    check_repository(root)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        built = build(source, folder / "built")
        check_zips(root, tag, tag, folder / "built")
        check_hacs(root, built)
        open_draft(root, tag)
        try:
            fill(root, tag, built, folder / "again")
        except (BundleError, OSError) as err:
            raise BundleError(
                f"{err}\nIf {tag} is still a draft, delete it (gh release delete {tag}) "
                "and run this again"
            ) from err


def fill(root: Path, tag: str, built: list[Path], again: Path) -> None:
    """Puts the files onto the draft, looks at what arrived, and publishes it."""
    upload(root, tag, built)
    again.mkdir()
    download(root, tag, again)
    check_upload(built, again)
    if tagged(root, tag) != run(root, "git", "rev-parse", "HEAD").strip():
        raise BundleError(f"{tag} is another commit by now")
    publish(root, tag)


def main() -> int:
    """Releases; returns the exit code."""
    options = arguments()
    try:
        release(Source(ROOT), options.tag)
    except (BundleError, OSError) as err:
        print(f"release: {err}", file=sys.stderr)
        return 1
    print(f"{options.tag} is published")
    return 0
