"""The part of a nested record that paths go through, so that the engine reads each record once, into typed lists."""

import json
from collections.abc import Sequence
from typing import Any

from cc_metrics.errors import PolicyError
from cc_metrics.store.engine import Engine
from cc_metrics.store.json_paths import Pick, Step


class Shape:
    """What is asked of one object: its keys in the order they were asked for, each with a shape of its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._keys: dict[str, Shape] = {}
        self._many = self._leaf = False

    def taken(self, record: str) -> str | None:
        """SQL that takes the shape out of the JSON *record*; None where nothing was asked."""
        kept = self._engine.keep(json.dumps(self._structure(), ensure_ascii=False))
        return f"json_transform({record}, {kept})" if self._keys else None

    def value(self, base: str, steps: Sequence[Step]) -> str:
        """SQL of the text at the end of *steps* from *base*, which has this shape.

        Raises:
            PolicyError: something is asked for as a text and gone into as well.
        """
        sql, shape = base, self
        for step in steps:
            sql, shape = shape._key(sql, step)
            if step.choice is not None:
                place = step.choice + 1 if isinstance(step.choice, int) else 1
                sql = f"{shape._listed(sql, step)}[{place}]"
        shape._leaf = True
        if shape._keys:
            raise PolicyError(f"{steps[-1].key if steps else 'a row'!r} is an object, and asked for as a value")
        return sql

    def items(self, base: str, steps: Sequence[Step]) -> "tuple[str, Shape]":
        """SQL of the list that *steps* name, and the shape of its items."""
        sql, shape = base, self
        for step in steps:
            sql, shape = shape._key(sql, step)
        return shape._listed(sql, steps[-1]), shape

    def _key(self, sql: str, step: Step) -> "tuple[str, Shape]":
        """SQL of what stands under a key of *sql*; the engine is told its place, never its name."""
        if self._leaf:
            raise PolicyError(f"what holds {step.key!r} is an object, and asked for as a value")
        alike = next((key for key in self._keys if key.lower() == step.key.lower()), step.key)
        if alike != step.key:
            raise PolicyError(f"{alike!r} and {step.key!r} of one object cannot both be asked for")
        shape = self._keys.setdefault(step.key, Shape(self._engine))
        return f"struct_extract_at({sql}, {list(self._keys).index(step.key) + 1})", shape

    def _listed(self, sql: str, step: Step) -> str:
        """SQL of those of a list that a step chooses."""
        self._many = True
        if not isinstance(step.choice, Pick):
            return sql
        key, shape = self._key("item", Step(step.choice.key))
        shape._leaf = True
        return f"list_filter({sql}, lambda item: list_contains({self._engine.keep(list(step.choice.values))}, {key}))"

    def _structure(self) -> Any:
        inner: Any = {key: shape._structure() for key, shape in self._keys.items()} if self._keys else "VARCHAR"
        return [inner] if self._many else inner
