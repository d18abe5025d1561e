"""YAML as seed files may use it: every refusal has its line."""

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.constructor import ConstructorError

MERGE = "tag:yaml.org,2002:merge"
# Control characters, which an escape may write and no database keeps.
UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class Loader(Composer, yaml.CSafeLoader):
    """YAML without merge keys and keys given twice, whose values are what they look like.

    The text is scanned by libyaml. Its nodes are composed by Python, which nests too deep with an
    error where libyaml's own composer ends the process.
    """

    def __init__(self, text: str) -> None:
        Composer.__init__(self)
        yaml.CSafeLoader.__init__(self, text)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping; raises `ConstructorError` where a key is no name or stands there before."""
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == MERGE:
                raise _refusal("merge keys (<<) are not read; write the fields out", key_node)
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise _refusal("a list or mapping is no name of a field", key_node)
            if key in seen:
                raise _refusal(f"{key} is given twice", key_node)
            seen.add(key)
        return super().construct_mapping(node, deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """A value; raises `ConstructorError` where it is none, such as February 30."""
        try:
            value = super().construct_object(node, deep)
        except (ValueError, TypeError, OverflowError):
            raise _refusal(f"{str(node.value)[:40]} is no date and no number", node) from None
        if isinstance(value, str) and UNKEEPABLE.search(value):
            raise _refusal("a text holds a control character; remove it", node)
        return value


def _refusal(words: str, node: yaml.Node) -> ConstructorError:
    return ConstructorError(None, None, words, node.start_mark)
