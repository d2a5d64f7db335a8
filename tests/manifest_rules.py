"""Home Assistant's and HACS's rules for an integration's folder, for every vendor.

Each rule returns what breaks it, so that a test is ``assert not rule(...)``. They are
those of the validator that runs in CI, for everybody without it.
"""

import ast
from collections.abc import Callable
from pathlib import Path
import re
import struct
from typing import Any

import homeassistant.components
from homeassistant.const import Platform
from homeassistant.util.yaml import load_yaml_dict

from .translation_rules import ROOT, Texts

HOME = "https://github.com/home-energy-bundle/home-energy-bundle"

# Components that every installation has
_ALWAYS_THERE = {
    "frontend",
    "group",
    "homeassistant",
    "persistent_notification",
    "sun",
    "system_health",
    "webhook",
    "websocket_api",
    "zone",
}
_PNG = b"\x89PNG\r\n\x1a\n"
_BRAND_SIZES = {"icon.png": (256, 256), "icon@2x.png": (512, 512)}
_ALLOWED_KEYS = {
    "domain",
    "name",
    "after_dependencies",
    "codeowners",
    "config_flow",
    "dependencies",
    "dhcp",
    "documentation",
    "integration_type",
    "iot_class",
    "issue_tracker",
    "requirements",
    "single_config_entry",
    "version",
}
_DHCP: dict[str, Callable[[object], bool]] = {
    "hostname": lambda found: isinstance(found, str) and found == found.lower(),
    "macaddress": lambda found: (
        isinstance(found, str) and found == found.upper() and "*" in found
    ),
    "registered_devices": lambda found: isinstance(found, bool),
}
_IOT_CLASSES = {
    "assumed_state",
    "calculated",
    "cloud_polling",
    "cloud_push",
    "local_polling",
    "local_push",
}
# The platinum scale of 2026.10
_RULES = {
    "bronze": """
        action-setup appropriate-polling brands common-modules config-flow
        config-flow-test-coverage dependency-transparency docs-actions docs-conditions
        docs-high-level-description docs-installation-instructions
        docs-removal-instructions docs-triggers entity-event-setup entity-unique-id
        has-entity-name runtime-data test-before-configure test-before-setup
        unique-config-entry""",
    "silver": """
        action-exceptions config-entry-unloading docs-configuration-parameters
        docs-installation-parameters entity-unavailable integration-owner
        log-when-unavailable parallel-updates reauthentication-flow test-coverage""",
    "gold": """
        devices diagnostics discovery discovery-update-info docs-data-update
        docs-examples docs-known-limitations docs-supported-devices
        docs-supported-functions docs-troubleshooting docs-use-cases dynamic-devices
        entity-category entity-device-class entity-disabled-by-default
        entity-translations exception-translations icon-translations
        reconfiguration-flow repair-issues stale-devices""",
    "platinum": "async-dependency inject-websession strict-typing",
}


def manifest_faults(texts: Texts) -> list[str]:
    """Return what the loader, the validator or HACS would refuse."""
    manifest = texts.json("manifest.json")
    core = Path(homeassistant.components.__path__[0])
    keys = list(manifest)
    checks = {
        "unknown or missing keys": set(keys) - _ALLOWED_KEYS
        or {"documentation", "issue_tracker", "version", "codeowners"} - set(keys),
        "order of keys": keys != ["domain", "name", *sorted(keys[2:])],
        "domain": manifest["domain"] != texts.folder.name
        or not re.fullmatch("[a-z0-9_]+", manifest["domain"]),
        "domain of an integration of Home Assistant": (core / texts.domain).exists(),
        "documentation": not re.fullmatch(
            rf"{HOME}/blob/main/docs/[a-z-]+\.md", manifest["documentation"]
        ),
        "no such documentation": not (
            ROOT / manifest["documentation"].partition("/blob/main/")[2]
        ).is_file(),
        "issue_tracker": manifest["issue_tracker"] != f"{HOME}/issues",
        "version": not re.fullmatch(r"\d+\.\d+\.\d+", manifest["version"]),
        "name": not (isinstance(manifest["name"], str) and manifest["name"]),
        "codeowners": not isinstance(manifest["codeowners"], list)
        or [name for name in manifest["codeowners"] if not str(name).startswith("@")],
        "iot_class": manifest["iot_class"] not in _IOT_CLASSES,
        "integration_type": manifest["integration_type"]
        not in {"hub", "device", "service"},
        "config_flow": manifest["config_flow"] is not True
        or not (texts.folder / "config_flow.py").exists(),
        "requirements": manifest["requirements"] != [],
        "single_config_entry": manifest.get("single_config_entry", True) is not True,
        "dhcp": "dhcp" in manifest and _dhcp_faults(manifest["dhcp"]),
        "no such component": [
            name
            for name in _dependencies(manifest)
            if not (core / name / "manifest.json").exists()
        ],
    }
    return [f"{name}: {found}" for name, found in checks.items() if found]


def _dhcp_faults(matchers: object) -> list[object]:
    """Return what is no matcher of devices that ask for an address."""
    if not isinstance(matchers, list) or not matchers:
        return [matchers or "none"]
    return [
        matcher
        for matcher in matchers
        if not isinstance(matcher, dict)
        or not matcher
        or not matcher.keys() <= _DHCP.keys()
        or not all(_DHCP[key](found) for key, found in matcher.items())
    ]


def _dependencies(manifest: dict[str, Any]) -> list[str]:
    return [*manifest.get("dependencies", []), *manifest.get("after_dependencies", [])]


def undeclared_components(texts: Texts) -> set[str]:
    """Return components of Home Assistant that are imported without being declared."""
    allowed = {*_dependencies(texts.json("manifest.json")), *_ALWAYS_THERE, *Platform}
    allowed |= {path.stem for path in texts.folder.iterdir()}
    return imported_components(texts) - allowed


def imported_components(texts: Texts) -> set[str]:
    """Return the components that the code and its copy of the core import."""
    found: set[str] = set()
    for tree in texts.trees():
        for node in ast.walk(tree):
            modules = []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                modules = [node.module]
                if node.module == "homeassistant.components":
                    modules = [f"{node.module}.{alias.name}" for alias in node.names]
            elif isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            found |= {
                module.split(".")[2]
                for module in modules
                if module.startswith("homeassistant.components.")
            }
    return found


def config_schema_faults(texts: Texts) -> list[str]:
    """Return whether the integration could take YAML and does not say that it does not."""
    tree = ast.parse((texts.folder / "__init__.py").read_text("utf-8"))
    names = {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef)}
    assigned = {
        ast.unparse(target)
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
    }
    if "async_setup" in names and "CONFIG_SCHEMA" not in assigned:
        return ["async_setup without CONFIG_SCHEMA"]
    return []


def brand_faults(texts: Texts) -> list[str]:
    """Return images of the wrong name, kind or size."""
    folder = texts.folder / "brand"
    faults = [
        f"{path.name} is no brand image"
        for path in folder.iterdir()
        if path.name not in _BRAND_SIZES
    ]
    for name, size in _BRAND_SIZES.items():
        head = (folder / name).read_bytes()[:24]
        if head[:8] != _PNG or struct.unpack(">II", head[16:24]) != size:
            faults.append(f"{name} is no PNG of {size}")
    return faults


def quality_faults(texts: Texts) -> list[str]:
    """Return rules of the quality scale without a word, and words without a rule."""
    rules = load_yaml_dict(str(texts.folder / "quality_scale.yaml"))["rules"]
    wanted = {rule for names in _RULES.values() for rule in names.split()}
    faults = sorted(set(rules) ^ wanted)
    for name, item in rules.items():
        status = item if isinstance(item, str) else item.get("status")
        if status not in {"done", "todo", "exempt"}:
            faults.append(f"{name}: {status}")
        if status != "done" and not (isinstance(item, dict) and item.get("comment")):
            faults.append(f"{name} is {status} without a reason")
    return faults


def platform_faults(texts: Texts) -> list[str]:
    """Return entity platforms that leave it to Home Assistant how many writes run."""
    return [
        f"{platform}.py says no PARALLEL_UPDATES = 0"
        for platform in Platform
        if (path := texts.folder / f"{platform}.py").exists()
        and "\nPARALLEL_UPDATES = 0\n" not in path.read_text("utf-8")
    ]
