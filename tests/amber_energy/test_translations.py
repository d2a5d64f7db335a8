"""Every text that people may see exists, and none that nobody sees."""

import ast
import json
from typing import Any

import pytest

from custom_components.amber_energy._vendor.core.client.errors import (
    ApiError,
    WriteError,
)
from custom_components.amber_energy._vendor.core.ha.errors import ERROR_KEYS, error_key
from custom_components.amber_energy.const import DOMAIN
from custom_components.amber_energy.descriptions_usage import REGISTER
from custom_components.amber_energy.issues import SITE_ISSUES

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
FIXABLE = {"site_closed", "site_gone"}
# These get their register's name in front
OF_REGISTERS = {
    f"yesterday_{channel}_{description.key}"
    for description in REGISTER
    for channel in description.channels
}
# What of the core this integration uses: it changes nothing at Amber
CORE = ("_vendor/core/client", "api")


def own_trees() -> list[ast.Module]:
    """Return the integration's own modules."""
    return [
        ast.parse(path.read_text("utf-8"))
        for path in sorted(TEXTS.folder.rglob("*.py"))
        if "_vendor" not in path.parts
    ]


def keys_of(reasons: set[str]) -> set[str]:
    """Return what people are told for reasons and kinds of errors, but of writes."""
    return {error_key(ApiError("", reason=reason)) for reason in reasons} | {
        key for kind, key in ERROR_KEYS.items() if not issubclass(kind, WriteError)
    }


@pytest.fixture(scope="module")
def english() -> dict[str, Any]:
    return TEXTS.english


def test_reasons_are_found() -> None:
    """The search sees the known ones, however they are written down."""
    found = code.reasons(TEXTS.trees(*CORE))
    assert found >= {"not_json", "rate_limit", "gateway_throttled", "no_list"}


def test_exceptions_and_their_placeholders(english: dict[str, Any]) -> None:
    """Each key that is raised has a text, each text is raised, with its placeholders."""
    raised = code.raised(own_trees())
    by_client = keys_of(code.reasons(TEXTS.trees(*CORE)))
    texts = {key: item["message"] for key, item in english["exceptions"].items()}
    # The import's own are the core's
    imports = set(code.raised(TEXTS.trees("_vendor/core/ha"))) & set(texts)
    assert set(texts) == set(raised) | by_client | imports
    for key, supplied in raised.items():
        assert placeholders(texts[key]) <= supplied, key
    for key in by_client - set(raised):
        assert placeholders(texts[key]) == {"detail"}, key


def test_every_form_error_has_a_text(english: dict[str, Any]) -> None:
    """Those that the flow names itself."""
    wanted = code.form_errors(own_trees())
    assert wanted - set(english["config"]["error"]) == set()


def test_issues_and_their_placeholders(english: dict[str, Any]) -> None:
    """Each issue has texts, and their placeholders are given."""
    given = {"site", "date", "portal", "integration", "name", "other", "account"}
    for key in SITE_ISSUES:
        assert key in english["issues"]
    for key, issue in english["issues"].items():
        part = "fix_flow" if key in FIXABLE else "description"
        assert set(issue) == {"title", part}, key
        used = placeholders(" ".join(text for _, text in strings(issue)))
        assert used <= given, key


def test_entities() -> None:
    """Each entity has a name, each of its states a text; and no text is left over."""
    assert len(TEXTS.descriptions) > 60
    faults = {*entity_faults(TEXTS)}
    assert faults == {
        "sensor.None has no text",
        *(f"sensor.{key} is no entity" for key in OF_REGISTERS),
    }


def test_icons() -> None:
    """Icons belong to something, and a state's icon differs from the default."""
    assert icon_faults(TEXTS) == []


def test_every_entity_has_an_icon(english: dict[str, Any]) -> None:
    """Prices have no device class that would bring one."""
    icons = TEXTS.json("icons.json")["entity"]
    without = [
        f"{platform}.{description.key}"
        for platform, description in TEXTS.descriptions
        if description.device_class is None
        and description.translation_key is not None
        and str(description.translation_key) not in icons.get(platform, {})
    ]
    assert without == []


def test_actions() -> None:
    """services.yaml has the structure, the texts have a name for all of it."""
    assert action_faults(TEXTS) == []


def test_selectors() -> None:
    """What an action lets choose has a text."""
    assert selector_faults(TEXTS, set()) == []


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
