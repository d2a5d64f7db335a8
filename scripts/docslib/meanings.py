"""What each entity means: docs/meanings/common.yaml and a file of each integration."""

from pathlib import Path
from typing import Any, override

import yaml

COMMON = "common"

type Key = tuple[str, str]
type Meanings = dict[Key, str]


class _Loader(yaml.SafeLoader):
    """Refuses a key that is there twice, of which YAML would keep the last."""

    @override
    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise ValueError(f"{key} is there twice")
        return super().construct_mapping(node, deep)


def load(path: Path) -> Meanings:
    """Reads a file, ValueError if it is not what it should be; none is empty."""
    if not path.exists():
        return {}
    try:
        tree = _mapping(yaml.load(path.read_text("utf-8"), _Loader) or {})
        return {
            (str(platform), str(key)): _sentence(text)
            for platform, keys in tree.items()
            for key, text in _mapping(keys).items()
        }
    except (TypeError, ValueError, yaml.YAMLError) as err:
        raise ValueError(" ".join(str(err).split())) from err


def _mapping(tree: object) -> dict[object, object]:
    if not isinstance(tree, dict):
        raise TypeError(f"{tree!r} is no mapping")
    return tree


def _sentence(text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise TypeError(f"{text!r} is no text")
    return text


def style_faults(meanings: Meanings) -> list[str]:
    """Returns meanings that would look odd among the others in a table."""
    return [
        f"{platform}.{key} ends with a full stop"
        for (platform, key), text in meanings.items()
        if text.rstrip().endswith(".")
    ]
