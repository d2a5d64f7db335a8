"""Random sequences, cut off anywhere: nothing foreign is changed, nothing is mixed."""

from hypothesis import HealthCheck, settings
import pytest

from .machine import InstallerMachine
from .stories import STORIES, Story, tell

TestInstaller = InstallerMachine.TestCase
TestInstaller.settings = settings(
    max_examples=150,
    stateful_step_count=12,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_stories(story: Story) -> None:
    tell(story)
