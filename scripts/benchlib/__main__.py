"""The command line of scripts/benchmark_prices."""

import argparse
from dataclasses import replace
import sys

from .prices import HEADER, SCENARIOS, simulate

MEDIAN, NEARLY_ALL, REQUESTS, LIMIT = 3.0, 5.0, 8.0, 50
DESCRIPTION = f"""\
Replays a simulated day of prices, which become final as the reference's observations
did, with the real polling, and prints how many seconds after Amber had a confirmed
price it was shown, and what that cost in requests. Fails if, where nobody else uses
the limit, the median is above {MEDIAN:g} s, 95 % are not shown within {NEARLY_ALL:g} s
or more than {REQUESTS:g} requests are made per 5 minutes and site; and if any window
ever saw more than {LIMIT} requests.
"""


def main() -> int:
    """Print the figures; 1 if they are not good enough."""
    parser = argparse.ArgumentParser(
        prog="scripts/benchmark_prices", description=DESCRIPTION
    )
    parser.add_argument("--hours", type=float, default=24.0, help="simulated, 24")
    parser.add_argument("--seed", type=int, default=1, help="of prices and delays, 1")
    parser.add_argument("--only", default="", help="scenarios with this in their name")
    args = parser.parse_args()
    print(HEADER)
    good = True
    for scenario in SCENARIOS:
        if args.only.lower() not in scenario.name.lower():
            continue
        figures = simulate(replace(scenario, hours=args.hours, seed=args.seed))
        print(figures.line(), flush=True)
        good = good and figures.wrong == 0 and figures.window <= LIMIT
        good = good and figures.mean_requests <= REQUESTS
        if not scenario.others:
            good = good and figures.quantile(0.5) <= MEDIAN
            good = good and figures.quantile(0.95) <= NEARLY_ALL
    print("good" if good else "NOT good enough")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
