"""Finds the translation keys that an integration's code can give.

By reading the code, because a key without a text shows only when the error happens
that nobody tried.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
import re

_ERROR = re.compile(r"Error\b|\bWrite[A-Z]")
_SLUG = re.compile(r"[a-z][a-z0-9_]*")
# What happens to leases and flows has reasons too.
_OTHER_REASONS = {
    "emit",
    "change",
    "async_abort",
    "async_update_reload_and_abort",
}
_NONE: Mapping[str, set[str]] = {}
_ISSUE_CALLS = {"set_issue", "_issue", "async_create_issue"}


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _constants(node: ast.expr, named: Mapping[str, set[str]] = _NONE) -> set[str]:
    """Return the texts that an expression can be, as far as that is written there.

    ``named`` are those that have a name.
    """
    if isinstance(node, ast.IfExp):
        return _constants(node.body, named) | _constants(node.orelse, named)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.Name | ast.Attribute):
        name = ast.unparse(node).rpartition(".")[2]
        return named.get(name, set()) if name.isupper() else set()
    return set()


def _named(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """Return the texts that modules give a name."""
    found: dict[str, set[str]] = {}
    for tree in trees:
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                found.setdefault(name, set()).update(_constants(node.value))
    return found


def raised(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """Return the keys that exceptions name, with the placeholders that they supply."""
    found: dict[str, set[str]] = {}
    for node in _walk(trees, ast.Call):
        keywords = {item.arg: item.value for item in node.keywords}
        if "translation_key" not in keywords or "translation_domain" not in keywords:
            continue
        supplied = _keys(keywords.get("translation_placeholders"))
        for key in _constants(keywords["translation_key"]):
            found[key] = found.get(key, supplied) & supplied
    return found


def refused(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """Return the keys of refusals, with the placeholders that they supply.

    They stand first in ``Refusal(...)``, last in ``check_range(...)``, or behind
    ``obstacle=``.
    """
    found: dict[str, set[str]] = {}

    def add(keys: set[str], supplied: set[str]) -> None:
        for key in keys:
            found[key] = found.get(key, supplied) & supplied

    for call in _walk(trees, ast.Call):
        keywords = {item.arg or "": item.value for item in call.keywords}
        if _name(call) == "Refusal" and call.args:
            add(_constants(call.args[0]), set(keywords))
        elif _name(call) == "check_range":
            add(_constants(call.args[-1]), {"low", "high"})
        if "obstacle" in keywords:
            add(_constants(keywords["obstacle"]), set())
    return found


def reasons(trees: Iterable[ast.Module]) -> set[str]:
    """Return the reasons that the client's errors carry.

    They, or names of them, stand behind ``reason=`` in a call or as a default, or second in a tuple that
    begins with an error class, or first in a tuple that a function returns, or in a
    mapping called ``reasons``.
    """
    trees = list(trees)
    named = _named(trees)
    found: set[str] = set()
    for call in _walk(trees, ast.Call):
        for keyword in call.keywords:
            if keyword.arg == "reason" and _name(call) not in _OTHER_REASONS:
                # What has a name may be the reason of a flow's end too
                named_here = _name(call)[:1].isupper() or _name(call) == "block"
                known = named if named_here else _NONE
                found |= _constants(keyword.value, known)
    for arguments in _walk(trees, ast.arguments):
        for arg, default in zip(
            arguments.kwonlyargs, arguments.kw_defaults, strict=True
        ):
            if arg.arg == "reason" and default is not None:
                found |= _constants(default)
    for pair in _walk(trees, ast.Tuple):
        if len(pair.elts) > 1 and _ERROR.search(ast.unparse(pair.elts[0])):
            found |= _constants(pair.elts[1], named)
    for table in _walk(trees, ast.Assign):
        if ast.unparse(table.targets[0]) == "reasons" and isinstance(
            table.value, ast.Dict
        ):
            for value in table.value.values:
                found |= _constants(value, named)
    for result in _walk(trees, ast.Return):
        if isinstance(result.value, ast.Tuple) and result.value.elts:
            found |= _constants(result.value.elts[0])
    return {reason for reason in found if _SLUG.fullmatch(reason)}


def form_errors(trees: Iterable[ast.Module]) -> set[str]:
    """Return the errors that flows name themselves."""
    trees = list(trees)
    found: set[str] = set()
    for mapping in _walk(trees, ast.Dict):
        keys = {key.value for key in mapping.keys if isinstance(key, ast.Constant)}
        if keys == {"base"}:
            found |= _constants(mapping.values[0])
    for call in _walk(trees, ast.Call):
        if _name(call) == "InvalidServerUrl":
            found |= _constants(call.args[0])
    return found


def issues(trees: Iterable[ast.Module]) -> dict[str, set[str]]:
    """Return the issues that are raised, with the placeholders of their module.

    A helper ``_issue`` gets those of one issue by keyword; that of ``EntryIssues`` adds
    the title of the entry.
    """
    found: dict[str, set[str]] = {}
    for tree in trees:
        calls = [
            call for call in _walk([tree], ast.Call) if _name(call) in _ISSUE_CALLS
        ]
        supplied = {
            key
            for call in calls
            for keyword in call.keywords
            if keyword.arg in {"placeholders", "translation_placeholders"}
            for key in _keys(keyword.value)
        } | _titles(tree)
        for call in calls:
            for arg in call.args:
                for key in _constants(arg):
                    more = {item.arg or "" for item in call.keywords}
                    found[key] = supplied | (more if _name(call) == "_issue" else set())
    return found


def _titles(tree: ast.Module) -> set[str]:
    """Return what the ``EntryIssues`` of a module call the title of their entry."""
    bases = [base for node in _walk([tree], ast.ClassDef) for base in node.bases]
    if "EntryIssues" not in map(ast.unparse, bases):
        return set()
    called = [
        name
        for call in _walk([tree], ast.Call)
        for keyword in call.keywords
        if keyword.arg == "called"
        for name in _constants(keyword.value)
    ]
    return set(called or ["account"])


def _keys(node: ast.expr | None) -> set[str]:
    if not isinstance(node, ast.Dict):
        return set()
    return {key.value for key in node.keys if isinstance(key, ast.Constant)}  # type: ignore[misc]


def _walk[T: ast.AST](trees: Iterable[ast.Module], kind: type[T]) -> Iterator[T]:
    return (node for tree in trees for node in ast.walk(tree) if isinstance(node, kind))
