"""The acceptance figures of the polling, on a shorter time than the benchmark's day."""

from dataclasses import replace

import pytest

from scripts.benchlib.prices import SCENARIOS, Scenario, simulate


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(name="5 minutes", hours=3),
        Scenario(name="30 minutes", lengths=(30,), hours=8),
        Scenario(name="two sites", lengths=(5, 5), hours=1.5),
        Scenario(name="late clock", clock_off=-40.0, hours=1.5),
        Scenario(name="import", imports=1, renewables=True, lengths=(5, 5), hours=1.5),
    ],
    ids=lambda scenario: scenario.name,
)
def test_the_confirmed_price_is_shown_at_once(scenario: Scenario) -> None:
    figures = simulate(scenario)
    assert figures.wrong == 0
    assert figures.missed == 0
    assert figures.quantile(0.5) <= 3.0
    assert figures.quantile(0.95) <= 5.0
    assert figures.mean_requests <= 8.0
    assert figures.window <= 50
    assert figures.refused == 0


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(name="storms", storms=2, hours=3),
        Scenario(name="used up", thefts=2, hours=3),
        Scenario(name="20 others", others=20, hours=1.5),
        Scenario(name="40 others", others=40, hours=1.5),
    ],
    ids=lambda scenario: scenario.name,
)
def test_trouble_costs_no_more_requests(scenario: Scenario) -> None:
    """And nearly all prices that the API gives are still shown within seconds."""
    figures = simulate(scenario)
    assert figures.wrong == 0
    assert figures.window <= 50
    assert figures.mean_requests <= 8.0
    # With the reserve and 40 others there is no call left at the end of a window
    assert figures.quantile(0.5) <= (10.0 if scenario.others == 40 else 3.0)
    # A window that others used up is found out by one request
    assert figures.refused <= scenario.thefts + (scenario.others == 40)


def test_a_price_that_is_not_asked_for_is_seen_to_be_late() -> None:
    """The figures can be bad: with the whole limit gone nothing is shown in time."""
    figures = simulate(Scenario(name="all gone", others=400, hours=1))
    assert figures.quantile(0.95) > 5.0


def test_the_command_has_all_scenarios() -> None:
    names = [scenario.name for scenario in SCENARIOS]
    assert len(set(names)) == len(names)
    assert {scenario.lengths for scenario in SCENARIOS} >= {(5,), (30,), (5, 5)}
    assert replace(SCENARIOS[0], hours=1.0).hours == 1.0
