"""The command line of scripts/demo."""

import argparse
import asyncio
import shutil
import sys

from aiohttp import ClientError

from .check import check
from .folder import MEMORY, ROOT, Demo, DemoError, locked
from .hub_check import check_hub
from .hub_stay import begin_with_checkout, stay_with_hub
from .runner import choose_ports, run, stay
from .session import INTERRUPTED, interruptible

FOLDER = ROOT / ".demo"
PORT = 8123
DESCRIPTION = """\
Starts a real Home Assistant with all integrations of this repository, set up on
simulated houses and prices, with a week of history, a month of bills and the energy
dashboard filled. It listens on this machine only. Its data stay in .demo/ for the next
start; the clock of the house too: it shows 11 something at the first start of all.
"""


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="scripts/demo", description=DESCRIPTION)
    parser.add_argument("--port", type=int, help=f"for the frontend, default {PORT}")
    parser.add_argument(
        "--fresh", action="store_true", help="forget the data of earlier starts"
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="do not stay: check in a temporary folder that everything works, forces of "
        "two minutes too, print all entities and exit with 0 or 1",
    )
    parser.add_argument(
        "--hacs",
        action="store_true",
        help="begin as a person does, in a folder of its own: nothing but the bundle is "
        "installed, as HACS does it; says what to do then, or with --check does it, "
        "and updates, restarts, kills and removes",
    )
    parser.add_argument(
        "--keep", action="store_true", help="keep the temporary folder of --check"
    )
    options = parser.parse_args()
    if options.keep and not options.check:
        parser.error("--keep belongs to --check")
    return options


async def demo_stay(options: argparse.Namespace) -> int:
    """Runs the demo until the user ends it."""
    folder = FOLDER / "hacs" if options.hacs else FOLDER
    with locked(folder):
        if options.fresh:
            shutil.rmtree(folder / "config", ignore_errors=True)
            (folder / MEMORY).unlink(missing_ok=True)
        demo = Demo.open(folder)
        choose_ports(demo, options.port, PORT)
        if options.hacs:
            await run(demo, stay_with_hub, begin_with_checkout(demo))
        else:
            await run(demo, stay)
    return 0


def main() -> int:
    """Runs the demo; returns the exit code."""
    options = arguments()
    try:
        if options.check:
            checked = check_hub if options.hacs else check
            return asyncio.run(
                interruptible(checked(port=options.port, keep=options.keep))
            )
        code = asyncio.run(interruptible(demo_stay(options)))
    except (DemoError, ClientError) as err:
        print(f"demo: {err}", file=sys.stderr)
        return 1
    return 0 if code == INTERRUPTED else code  # the usual end


if __name__ == "__main__":
    sys.exit(main())
