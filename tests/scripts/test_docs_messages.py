"""scripts/docs: a page says what to do about each message."""

import json
from pathlib import Path

import pytest

from scripts.docslib.links import HOME
from scripts.docslib.messages import message_faults, messages, quotes

from ..translation_rules import ROOT
from .docs_project import Project

ENGLISH = {
    "config": {
        "error": {"wrong": "Acme refuses the key. Copy it again."},
        "abort": {
            "already_configured": "This is set up already.",
            "reauth_successful": "The new key works.",
        },
    },
    "exceptions": {
        "range": {"message": "It must be between {low} and {high} W."},
        "busy": {"message": "Acme is busy; it goes on by itself. ({detail})"},
    },
    "issues": {
        "forced": {
            "title": "{name} is still forced",
            "fix_flow": {
                "step": {"confirm": {"title": "Ends it"}},
                "abort": {"not_ended": "It could not be ended. Try later."},
            },
        }
    },
}
PAGE = """\
# Acme

| message | what to do |
|---|---|
| Acme refuses the key. … | copy it |
| This is set up already. | look for it |
| "It must be between …" | another one |
| *Control state* is *Idle*<br>Acme is busy… | wait |
| values are gone | wait |
| Repair: *… is still forced* | submit it; if it says *It could not be ended.*, wait |

| sensor | what it is |
|---|---|
| Nothing that anybody says | no message |
"""


def acme(tmp_path: Path, page: str) -> Path:
    project = Project(tmp_path)
    folder = "custom_components/acme_energy"
    documentation = {"documentation": f"{HOME}/blob/main/docs/acme.md"}
    project.write(f"{folder}/manifest.json", json.dumps(documentation))
    project.write(f"{folder}/translations/en.json", json.dumps(ENGLISH))
    project.write("docs/acme.md", page)
    return tmp_path


def test_what_a_person_can_see() -> None:
    assert messages(ENGLISH) == {
        "config.error.wrong": "Acme refuses the key. Copy it again.",
        "config.abort.already_configured": "This is set up already.",
        "config.abort.reauth_successful": "The new key works.",
        "exceptions.range.message": "It must be between … and … W.",
        "exceptions.busy.message": "Acme is busy; it goes on by itself.",
        "issues.forced.title": "… is still forced",
        "issues.forced.fix_flow.abort.not_ended": "It could not be ended. Try later.",
    }


def test_all_is_said(tmp_path: Path) -> None:
    assert message_faults(acme(tmp_path, PAGE)) == []


@pytest.mark.parametrize(
    ("gone", "key"),
    [
        ("Acme refuses the key. …", "config.error.wrong"),
        ("This is set up already.", "config.abort.already_configured"),
        ('"It must be between …"', "exceptions.range"),
        ("Acme is busy…", "exceptions.busy"),
        ("Repair: *… is still forced*", "issues.forced.title"),
        ("*It could not be ended.*", "issues.forced.fix_flow.abort.not_ended"),
    ],
)
def test_a_message_that_the_page_does_not_know(
    tmp_path: Path, gone: str, key: str
) -> None:
    assert gone in PAGE
    (fault,) = message_faults(acme(tmp_path, PAGE.replace(gone, "x")))
    assert fault.startswith(f"docs/acme.md: does not say what to do about {key}")


@pytest.mark.parametrize(
    ("line", "quoted"),
    [
        ("Acme refuses the token. …", "Acme refuses the token. …"),
        ('"Acme is away.", "Acme is busy…"', "Acme is away."),
        ("Repair: *… is gone*", "… is gone"),
        # An ellipsis alone would be any message
        ("… is …", "… is …"),
    ],
)
def test_a_message_that_nobody_says(tmp_path: Path, line: str, quoted: str) -> None:
    page = PAGE.replace("| values are gone |", f"| {line} |")
    assert message_faults(acme(tmp_path, page)) == [
        f"docs/acme.md:9: nobody says {quoted!r}"
    ]


def test_only_tables_of_messages_are_read() -> None:
    assert "Nothing that anybody says" not in {one.text for one in quotes(PAGE)}


def test_ours_are_all_known() -> None:
    assert message_faults(ROOT) == []
