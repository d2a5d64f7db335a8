"""The command line of scripts/install."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import fcntl
from pathlib import Path
import sys
import tempfile

from .bundle import HUB, BundleError, Source
from .hub_code import installer

ROOT = Path(__file__).resolve().parents[2]
LOCK = ".ha_run.lock"  # Home Assistant holds it while it runs on the folder
DESCRIPTION = f"""\
Copies integrations of this checkout into a Home Assistant's custom_components, whole
and with the mark by which they are known later. {HUB} may be named too: the hub with
all vendors as its payload. What was installed otherwise or changed is left alone.
"""
State = installer.State


def arguments(vendors: Sequence[str]) -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="scripts/install", description=DESCRIPTION)
    parser.add_argument(
        "config",
        metavar="CONFIG_DIR",
        type=Path,
        help="Home Assistant's folder, in which configuration.yaml is",
    )
    parser.add_argument(
        "domains",
        metavar="DOMAIN",
        nargs="*",
        help=f"default: {' '.join(vendors)}",
    )
    return parser.parse_args()


def check(source: Source, config: Path, domains: Sequence[str]) -> None:
    """Raises BundleError if there is no such integration or no such Home Assistant."""
    if unknown := sorted({*domains} - {HUB, *source.vendors}):
        known = ", ".join((*source.vendors, HUB))
        raise BundleError(f"{', '.join(unknown)}: choose from {known}")
    if not config.is_dir():
        raise BundleError(f"there is no folder {config}")
    if not (config / "configuration.yaml").is_file():
        raise BundleError(
            f"{config} has no configuration.yaml: name the folder that has it"
        )


@contextmanager
def keep_home_assistant_off(config: Path) -> Iterator[bool]:
    """Yields whether no Home Assistant runs on a folder; none starts meanwhile."""
    path = config / LOCK
    if not path.exists():
        yield True
        return
    with path.open("r+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def refusal(state: State, folder: Path, *, is_idle: bool) -> str | None:
    """Returns why a folder may not be exchanged, and what to do; None if it may."""
    if state is State.FOREIGN:
        return (
            f"{folder} was installed otherwise, by hand or by HACS, and is left alone: "
            "update it in the same way, or delete it and run this again"
        )
    if state is State.MODIFIED:
        return (
            f"{folder} was changed since it was installed: "
            "keep what you need of it, delete it and run this again"
        )
    if state is State.OUTDATED and not is_idle:
        return (
            f"{folder} may be in use: "
            "stop the Home Assistant that runs there and run this again"
        )
    return None


def install(
    source: Source, config: Path, domains: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Installs integrations; returns lines about what is there, and about what not."""
    done, refused = [], []
    with (
        tempfile.TemporaryDirectory() as name,
        keep_home_assistant_off(config) as is_idle,
    ):
        payload = Path(name)
        for domain in domains:
            source.stamped(domain, payload / domain)
        components = config / "custom_components"
        work = installer.Installer(components, payload)
        if is_idle:
            work.tidy()
        for vendor in work.look():
            folder = components / vendor.domain
            if vendor.state is State.CURRENT:
                done.append(f"{vendor.domain} {vendor.bundled} is there already")
                continue
            reason = refusal(vendor.state, folder, is_idle=is_idle)
            if reason is None and work.place(vendor.domain):
                was = f", was {vendor.installed}" if vendor.installed else ""
                done.append(f"{vendor.domain} {vendor.bundled} installed{was}")
            else:
                refused.append(reason or f"{folder} changed meanwhile: run this again")
    return done, refused


def main() -> int:
    """Installs; returns the exit code."""
    source = Source(ROOT)
    options = arguments(source.vendors)
    domains = options.domains or source.vendors
    try:
        check(source, options.config, domains)
        done, refused = install(source, options.config, domains)
    except PermissionError as err:
        print(f"install: no right to change {err.filename}", file=sys.stderr)
        return 1
    except (BundleError, OSError) as err:
        print(f"install: {err}", file=sys.stderr)
        return 1
    for line in done:
        print(line)
    for reason in refused:
        print(f"install: {reason}", file=sys.stderr)
    if done:
        print("Restart Home Assistant, if it runs: it looks for integrations then.")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
