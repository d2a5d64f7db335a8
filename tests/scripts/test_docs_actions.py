"""scripts/docs: tables of actions and their fields."""

from copy import deepcopy
from functools import reduce
import json
import operator
from pathlib import Path
from typing import Any

import pytest

from scripts.docslib import actions
from scripts.docslib.integration import Integration

from .docs_project import ENGLISH, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def test_actions(project: Project) -> None:
    acme = Integration(project.root / "custom_components" / "acme_energy")
    found = actions.render("acme_energy", acme.services, acme.english)

    assert found.splitlines() == [
        "### Force",
        "",
        "`acme_energy.force`: Forces it.",
        "",
        "| Field | Key | Meaning | Value | Required |",
        "|---|---|---|---|---|",
        "| Device | `device_id` | Which one | one or several devices | yes |",
        "| Power | `power` | How much | 0 to 5000 W in steps of 100 |  |",
        (
            "| Block | `block` | What it may not do | "
            "`discharge`, `both` (All of it); `both` if left out |  |"
        ),
        '| Rows | `rows` | When | list of rows; e.g. `[{"start": "01:00"}]` |  |',
        "| Start | `rows`: `start` | From when | time of day | yes |",
        "",
        "### Rest",
        "",
        "`acme_energy.rest`: Ends it_now.",
    ]


@pytest.mark.parametrize(
    ("selector", "said"),
    [
        ({"number": {"min": 1, "max": 8, "mode": "box"}}, "1 to 8"),
        ({"number": {"min": 5}}, "at least 5"),
        ({"number": {"max": 5, "step": "any"}}, "at most 5"),
        ({"number": None}, "number"),
        ({"boolean": None}, "`true` or `false`"),
        ({"text": {"multiple": True}}, "one or several texts; e.g. `[1]`"),
        ({"config_entry": {"integration": "acme"}}, "id of an entry"),
        (
            {"select": {"multiple": True, "options": ["a", "b"]}},
            "one or several of `a`, `b`",
        ),
        ({"duration": None}, "time span; e.g. `[1]`"),
    ],
)
def test_values(selector: dict[str, Any], said: str) -> None:
    services = {"act": {"fields": {"key": {"selector": selector, "example": [1]}}}}
    text = {"name": "Name", "description": "Meaning"}
    english = {"services": {"act": {**text, "fields": {"key": text}}}}

    last = actions.render("acme", services, english).splitlines()[-1]
    assert last == f"| Name | `key` | Meaning | {said} |  |"


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (("force",), "acme_energy.force"),
        (("force", "fields", "power"), "acme_energy.force: power"),
    ],
)
def test_actions_and_fields_have_texts(
    project: Project, capsys: pytest.CaptureFixture[str], path: list[str], what: str
) -> None:
    english = deepcopy(ENGLISH)
    *above, last = "services", *path
    del reduce(operator.getitem, above, english)[last]
    project.write(
        "custom_components/acme_energy/translations/en.json", json.dumps(english)
    )

    assert project.run(check=False) == 1
    told = f"docs/acme.md: {what} has no name, or says nothing of itself\n"
    assert told in capsys.readouterr().out
