"""The command line of scripts/install."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import fcntl
import os
from pathlib import Path
import pwd
import shlex
import sys
import tempfile

from .bundle import HUB, BundleError, Source
from .hub_code import installer

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = f"{ROOT}/scripts/install"
RESTART = "Restart Home Assistant, if it runs: it looks for integrations then."
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
        default=[*vendors],  # else argparse says that one is required
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
    owner = config.stat().st_uid
    if owner != os.geteuid():
        raise BundleError(
            f"{config} belongs to another user: run it as the user that Home Assistant "
            f"runs as: {shlex.join(('sudo', '-u', user_name(owner), SCRIPT))} "
            f"{shlex.join(sys.argv[1:])}"
        )
    components = config / "custom_components"
    if os.path.lexists(components) and not components.is_dir():
        raise BundleError(
            f"{components} is not a folder: "
            "move it away, or mend the link, and run this again"
        )


def user_name(user: int) -> str:
    """Returns a user as sudo takes it."""
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"#{user}"


@contextmanager
def keep_home_assistant_off(config: Path) -> Iterator[bool]:
    """Yields whether no Home Assistant runs on a folder; none starts meanwhile."""
    # It stays, as Home Assistant's own does: whoever waits for it would hold another
    with (config / LOCK).open("a+b") as lock:
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
    if not is_idle:
        return (
            f"{folder} is left as it is while Home Assistant runs: "
            "stop it and run this again"
        )
    return None


def place(work: installer.Installer, domain: str, folder: Path) -> str | None:
    """Places a folder; returns why that was not possible, None if it was."""
    try:
        is_placed = work.place(domain)
    except OSError as err:
        return f"{folder}: {err.strerror or err}"
    return None if is_placed else f"{folder} changed meanwhile: run this again"


def install(
    source: Source, config: Path, domains: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Installs integrations; returns lines about what is there, and about what not."""
    there, placed, refused = [], [], []
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
                there.append(f"{vendor.domain} {vendor.bundled} is there already")
                continue
            reason = refusal(vendor.state, folder, is_idle=is_idle)
            if reason := reason or place(work, vendor.domain, folder):
                refused.append(reason)
                continue
            was = f", was {vendor.installed}" if vendor.installed else ""
            placed.append(f"{vendor.domain} {vendor.bundled} installed{was}")
    if placed:
        placed.append(RESTART)
    return [*there, *placed], refused


def main() -> int:
    """Installs; returns the exit code."""
    source = Source(ROOT)
    options = arguments(source.vendors)
    for name in source.left_out:
        print(f"install: not in git, and left out: {name}", file=sys.stderr)
    os.umask(0o022)  # others may have to read them, as a backup does
    try:
        check(source, options.config, options.domains)
        done, refused = install(source, options.config, options.domains)
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
    return 1 if refused else 0
