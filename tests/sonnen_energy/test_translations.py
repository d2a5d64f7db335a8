"""Every text that people may see exists, and none that nobody sees."""

import json
from typing import Any

import pytest

from custom_components.sonnen_energy._vendor.core.client.errors import (
    ApiError,
    WriteUnverified,
)
from custom_components.sonnen_energy._vendor.core.control.intent import Kind
from custom_components.sonnen_energy._vendor.core.control.outcome import Problem
from custom_components.sonnen_energy._vendor.core.ha.errors import (
    ERROR_KEYS,
    error_key,
)
from custom_components.sonnen_energy.const import DOMAIN
from custom_components.sonnen_energy.plans import MODES
from custom_components.sonnen_energy.select import BATTERY_MODE

from .. import keys_in_code as code
from ..translation_rules import (
    Texts,
    action_faults,
    entity_faults,
    icon_faults,
    placeholders,
    selector_faults,
    strings,
    undescribed_fields,
    wrong_style,
)

TEXTS = Texts(DOMAIN)
# Only read back after a change, which no flow does
NOT_IN_FLOWS = {ERROR_KEYS[WriteUnverified]}

# The problems of control, with what is always known of them
_DEVICE = {"account", "system", "device"}
PROBLEMS = {str(problem): _DEVICE for problem in Problem} | {
    str(Problem.RESTORE_FAILED): _DEVICE | {"detail"},
    str(Problem.MANY_WRITES): _DEVICE | {"writes", "most"},
    "left_forced": {"account", "system"},
}
FIXABLE = {str(Problem.FORCED_WITHOUT_LEASE)}


def keys_of(reasons: set[str]) -> set[str]:
    """Return what people are told for reasons and kinds of errors."""
    return {error_key(ApiError("", reason=reason)) for reason in reasons} | set(
        ERROR_KEYS.values()
    )


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    return TEXTS.english


def test_reasons_are_found() -> None:
    """The search sees the known ones, however they are written down."""
    found = code.reasons(TEXTS.trees("_vendor/core", "api", "."))
    assert found >= {"not_json", "use_https", "vpp", "write_api_off", "booting"}


def test_every_error_has_a_text(english: dict[str, Any]) -> None:
    """Whatever the client gives as a reason, an action can tell it."""
    wanted = keys_of(code.reasons(TEXTS.trees()))
    assert wanted - set(english["exceptions"]) == set()


def test_every_form_error_has_a_text(english: dict[str, Any]) -> None:
    """The flow uses the client, so each of its errors can be shown in a form."""
    wanted = keys_of(code.reasons(TEXTS.trees("_vendor/core/client", "api")))
    wanted |= code.form_errors(TEXTS.trees())
    wanted |= {"not_sonnen", "invalid_serial", "invalid_auth"}
    assert wanted - set(english["config"]["error"]) == NOT_IN_FLOWS


def test_exceptions_and_their_placeholders(english: dict[str, Any]) -> None:
    """Each key that is raised has a text, each text is raised, with its placeholders."""
    raised = code.raised(TEXTS.trees())
    by_client = keys_of(code.reasons(TEXTS.trees()))
    refused = code.refused(TEXTS.trees())
    texts = {key: item["message"] for key, item in english["exceptions"].items()}
    assert set(texts) == set(raised) | by_client | set(refused)
    for key, supplied in [*raised.items(), *refused.items()]:
        assert placeholders(texts[key]) <= supplied, key
    for key in by_client:
        # What is also refused has a text that fits both
        supplied = set() if key in refused else {"detail"}
        assert placeholders(texts[key]) == supplied, key


def test_issues_and_their_placeholders(english: dict[str, Any]) -> None:
    """Each issue that is raised has texts, and they get their placeholders.

    What can be mended has a flow instead of a description.
    """
    raised = code.issues(TEXTS.trees()) | PROBLEMS
    assert set(english["issues"]) == set(raised)
    for key, issue in english["issues"].items():
        parts = {"title", "fix_flow" if key in FIXABLE else "description"}
        assert set(issue) == parts, key
        text = " ".join(text for path, text in strings(issue) if ".abort." not in path)
        assert placeholders(text) <= raised[key], key


def test_the_flow_that_mends(english: dict[str, Any]) -> None:
    """It says why it could not."""
    for key in FIXABLE:
        flow = english["issues"][key]["fix_flow"]
        assert set(flow["step"]) == {"confirm"}
        assert set(flow["abort"]) == {"not_loaded", "not_ended"}
        assert placeholders(flow["abort"]["not_ended"]) == {"detail"}


def test_entities(english: dict[str, Any]) -> None:
    """Each entity has a name, each of its states a text; and no text is left over.

    The vendor's own modes are offered only by batteries that have them.
    """
    assert len(TEXTS.descriptions) > 150
    assert [
        fault
        for fault in entity_faults(TEXTS)
        if not fault.startswith("select.battery_mode has texts")
    ] == []
    shown = set(english["entity"]["select"]["battery_mode"]["state"])
    assert shown == {*(BATTERY_MODE.options or ()), *MODES}


def test_icons() -> None:
    """Icons belong to something, and a state's icon differs from the default."""
    assert icon_faults(TEXTS) == []


def test_actions() -> None:
    """services.yaml has the structure, the texts have a name for all of it."""
    assert action_faults(TEXTS) == []


def test_selectors() -> None:
    """What an action lets choose has a text."""
    assert selector_faults(TEXTS, {"intent"}) == []
    assert {str(Kind.FORCE_CHARGE), str(Kind.FORCE_DISCHARGE)} <= set(
        TEXTS.english["selector"]["intent"]["options"]
    )


def test_style() -> None:
    """Home Assistant's validator accepts all texts."""
    assert wrong_style(TEXTS.english) == []


def test_fields_are_described() -> None:
    """Each field of a form has a description, and none is left over."""
    assert undescribed_fields(TEXTS.english) == []


def test_no_text_twice_in_the_file() -> None:
    """JSON would silently keep the last of two equal keys."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        assert len(keys) == len(set(keys)), keys
        return dict(pairs)

    for name in ("translations/en.json", "icons.json", "manifest.json"):
        json.loads((TEXTS.folder / name).read_text("utf-8"), object_pairs_hook=unique)


def test_sentences_end(english: dict[str, Any]) -> None:
    """What tells of an error is a whole sentence."""
    for part in ("exceptions", "issues"):
        for path, text in strings(english[part]):
            if not path.endswith("title"):
                assert text.endswith((".", "({detail})")), path
