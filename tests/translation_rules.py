"""Rules for an integration's texts, for every vendor of the bundle.

Each rule returns what breaks it, so that a test is ``assert not rule(...)``.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.data_entry_flow import FlowResultType, section
from homeassistant.helpers.entity import EntityDescription
from homeassistant.util.yaml import load_yaml_dict

from scripts.docslib.finder import descriptions

ROOT = Path(__file__).parent.parent

_KEY = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_URL = re.compile(r"\w://|\bwww\.|\b[\w-]+\.(?:com|org|net|io)\b", re.IGNORECASE)
_HTML = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_QUOTED = re.compile(r"'[^']*\{[^}]*\}[^']*'")


def placeholders(text: str) -> set[str]:
    """Return the names in braces."""
    return set(_PLACEHOLDER.findall(text))


def strings(tree: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with the path of keys that leads to it."""
    if isinstance(tree, str):
        yield path, tree
        return
    for key, item in tree.items():
        yield from strings(item, f"{path}.{key}" if path else key)


@dataclass(frozen=True)
class Texts:
    """An integration and its English texts."""

    domain: str

    @property
    def folder(self) -> Path:
        return ROOT / "custom_components" / self.domain

    @cached_property
    def english(self) -> dict[str, Any]:
        return self.json("translations/en.json")

    def json(self, name: str) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.folder / name).read_text("utf-8"))
        return loaded

    def trees(self, *parts: str) -> list[ast.Module]:
        """Return the parsed modules below some of the integration's folders."""
        return [
            ast.parse(path.read_text("utf-8"))
            for part in parts or (".",)
            for path in sorted((self.folder / part).rglob("*.py"))
        ]

    @property
    def descriptions(self) -> list[tuple[str, EntityDescription]]:
        """Return each entity description with its platform."""
        return descriptions(self.domain)


def wrong_style(tree: dict[str, Any]) -> list[str]:
    """Return texts and keys that Home Assistant's validator would refuse."""
    faults = []
    for path, text in strings(tree):
        checks = {
            "is empty or has blanks around it": not text or text != text.strip(),
            "holds an address": _URL.search(text),
            "holds HTML": _HTML.search(text),
            "has a placeholder in quotes": _QUOTED.search(text),
            "has a placeholder that is no name": any(
                not name.isidentifier() for name in placeholders(text)
            ),
            "has an unpaired brace": bool(set("{}") & set(_PLACEHOLDER.sub("", text))),
            "is a state with a placeholder": ".state." in path and placeholders(text),
        }
        faults += [f"{path} {fault}" for fault, found in checks.items() if found]
        faults += [
            f"{path}: bad key {key}"
            for key in path.split(".")
            if not _KEY.fullmatch(key)
        ]
    return faults


def undescribed_fields(tree: Any, path: str = "") -> list[str]:
    """Return fields of forms without a description, and descriptions without a field."""
    if not isinstance(tree, dict):
        return []
    faults = [
        f"{path}.{name}"
        for name in set(tree.get("data", {})) ^ set(tree.get("data_description", {}))
    ]
    for key, item in tree.items():
        faults += undescribed_fields(item, f"{path}.{key}")
    return faults


def form_faults(texts: Texts, part: str, result: ConfigFlowResult) -> list[str]:
    """Return what a form or menu shows without a text (part: config, options)."""
    tree = texts.english[part]
    step = tree["step"].get(result["step_id"])
    if step is None:
        return [f"no step {result['step_id']}"]
    if result["type"] is FlowResultType.MENU:
        options = list(result["menu_options"])  # type: ignore[call-overload]
        return sorted(set(options) ^ set(step["menu_options"]))
    faults: list[str] = []
    fields = {"base"}
    schema = result["data_schema"]
    shown: list[str] = [step.get("title", ""), step.get("description", "")]
    for key, field in schema.schema.items() if schema else ():
        if isinstance(field, section):
            wanted = step.get("sections", {}).get(str(key))
            inner = [str(name) for name in field.schema.schema]
        else:
            wanted, inner = step, [str(key)]
        fields.add(str(key))
        for name in inner:
            if not wanted or name not in wanted.get("data", {}):
                faults.append(f"no text for {name}")
            else:
                shown.append(wanted["data_description"][name])
    errors = result["errors"] or {}
    faults += [f"no field {name} for its error" for name in errors.keys() - fields]
    for error in errors.values():
        if error not in tree["error"]:
            faults.append(f"no text for the error {error}")
        else:
            shown.append(tree["error"][error])
    supplied = set(result["description_placeholders"] or {})
    faults += [
        f"nothing for {{{name}}}" for name in placeholders(" ".join(shown)) - supplied
    ]
    return faults


def entity_faults(texts: Texts) -> list[str]:
    """Return entities without a name or state text, and texts without an entity."""
    tree = texts.english["entity"]
    faults, used = [], set()
    for platform, description in texts.descriptions:
        key = description.translation_key
        used.add((platform, key))
        entity = tree.get(platform, {}).get(key)
        if entity is None:
            faults.append(f"{platform}.{key} has no text")
            continue
        if not entity.get("name") and not description.device_class:
            faults.append(f"{platform}.{key} has no name")
        states = entity.get("state", {})
        options = getattr(description, "options", None)
        if platform == "event":
            states = entity["state_attributes"]["event_type"]["state"]
            options = getattr(description, "event_types", None)
        if options is not None and set(states) != set(options):
            faults.append(f"{platform}.{key} has texts for {sorted(states)}")
    faults += [
        f"{platform}.{key} is no entity"
        for platform, entities in tree.items()
        for key in entities
        if (platform, key) not in used
    ]
    return faults


def icon_faults(texts: Texts) -> list[str]:
    """Return icons of nothing, and icons that Home Assistant's validator refuses."""
    icons, tree = texts.json("icons.json"), texts.english["entity"]
    faults = [
        f"{path} is no icon"
        for path, icon in strings(icons)
        if not re.fullmatch(r"mdi:[a-z0-9]+(-[a-z0-9]+)*", icon)
    ]
    for platform, entities in icons["entity"].items():
        for key, icon in entities.items():
            entity = tree.get(platform, {}).get(key)
            if entity is None:
                faults.append(f"{platform}.{key} is no entity")
                continue
            for state, shown in icon.get("state", {}).items():
                if state not in entity.get("state", {}):
                    faults.append(f"{platform}.{key}.{state} is no state")
                if shown == icon["default"]:
                    faults.append(f"{platform}.{key}.{state} shows the default")
    if set(icons["services"]) != set(texts.english["services"]):
        faults.append("actions and their icons differ")
    return faults


def action_faults(texts: Texts) -> list[str]:
    """Return where services.yaml and the texts differ."""
    tree = texts.english["services"]
    described = load_yaml_dict(str(texts.folder / "services.yaml"))
    faults = [f"action {name}" for name in set(tree) ^ set(described)]
    for name in set(tree) & set(described):
        fields = described[name].get("fields", {})
        faults += [
            f"{name}.{field}" for field in set(fields) ^ set(tree[name]["fields"])
        ]
        faults += [
            f"{path} is missing"
            for path, item in {name: tree[name], **tree[name]["fields"]}.items()
            if not {"name", "description"} <= set(item)
        ]
    return faults


def selector_faults(texts: Texts, others: set[str]) -> list[str]:
    """Return where selectors of actions and their texts differ.

    ``others`` are texts that something else uses.
    """
    tree = texts.english.get("selector", {})
    described = load_yaml_dict(str(texts.folder / "services.yaml"))
    used: dict[str, dict[str, set[str]]] = {}
    for key, config in _selectors(described):
        parts = used.setdefault(key, {"options": set(), "fields": set()})
        for part, names in parts.items():
            names.update(config.get(part, ()))
    faults = [f"{key} is no selector" for key in set(tree) - set(used) - others]
    for key, parts in used.items():
        faults += [
            f"{part} of {key}"
            for part, names in parts.items()
            if names != set(tree.get(key, {}).get(part, ()))
        ]
    return faults


def _selectors(tree: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the settings of selectors that have texts."""
    if isinstance(tree, dict):
        if isinstance(key := tree.get("translation_key"), str):
            yield key, tree
        for item in tree.values():
            yield from _selectors(item)
