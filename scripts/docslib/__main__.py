"""Makes the tables of the vendors' pages in docs/ from the code.

They stand between the markers <!-- entities:begin --> and <!-- entities:end -->, and the
same with actions. What an entity means is in docs/meanings/. With --check nothing is
changed: it tells what is missing, which messages of the integrations a page does not
know and which links lead nowhere, and exits with 1.
"""

import argparse
from pathlib import Path
import sys

from .integration import integrations
from .links import link_faults
from .messages import message_faults
from .pages import Pages

ROOT = Path(__file__).resolve().parent.parent.parent


def run(root: Path, pages: Pages, *, check: bool, names: list[str]) -> int:
    """Makes or checks the named pages, or all and the links; tells what is wrong."""
    everything = integrations(root)
    wanted = [item for item in everything if item.page in names or not names]
    for integration in wanted:
        if check:
            pages.compare(integration)
        elif pages.write(integration):
            print(f"docs/{integration.page}.md is new")
    if not names:
        pages.unused()
        if check:
            pages.faults += [*message_faults(root), *link_faults(root)]
    for fault in pages.faults:
        print(fault)
    return 1 if pages.faults else 0


def main() -> int:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="scripts/docs",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--check", action="store_true", help="change nothing")
    known = [integration.page for integration in integrations(ROOT)]
    parser.add_argument(
        "page",
        nargs="*",
        help=f"{', '.join(known)}; default: all, with messages and links",
    )
    arguments = parser.parse_args()
    if unknown := [page for page in arguments.page if page not in known]:
        parser.error(f"no page is known as {', '.join(unknown)}")
    return run(ROOT, Pages(ROOT / "docs"), check=arguments.check, names=arguments.page)


if __name__ == "__main__":
    sys.exit(main())
