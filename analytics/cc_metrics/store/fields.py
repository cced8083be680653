"""SQL of what one or several columns say: a text, a known word, a flag or a number."""

from collections.abc import Sequence

from cc_metrics.errors import PolicyError
from cc_metrics.store.columns import Columns
from cc_metrics.store.engine import Engine
from cc_metrics.store.expressions import Expression
from cc_metrics.store.mapping import Field

_WORDS = {"是": "true", "否": "false"}  # beside true, t, yes, y, 1 and their opposites, in any case
_KEPT_TYPES = ("BOOLEAN",)


def text(engine: Engine, spec: object, columns: Columns, *, key: bool = False) -> str:
    """SQL of a text; of a *key*, which tells rows apart, however wide its characters were typed."""
    if not isinstance(spec, Field):
        raise PolicyError("a dimension needs a column", where=columns.where)
    if spec.always is not None:
        return engine.keep(spec.always)
    if spec.rules:
        cases = [f"WHEN {columns.condition(rule.when)} THEN {engine.keep(rule.value)}" for rule in spec.rules]
        return f"CASE {' '.join(cases)} END"
    texts = [columns.text(name, key=key) for name in spec.columns]
    if spec.empty is not None:
        texts = [f"coalesce({part}, {engine.keep(spec.empty)})" for part in texts]
    sql = texts[0] if len(texts) == 1 else f" || {engine.keep(spec.separator)} || ".join(texts)
    if spec.split is not None:
        sql = f"nullif(trim(split_part({sql}, {engine.keep(spec.split)}, {spec.part})), '')"
    if not spec.values:
        return sql
    cases = [f"WHEN {engine.keep(written)} THEN {engine.keep(meaning)}" for written, meaning in spec.values.items()]
    return f"CASE {sql} {' '.join(cases)} ELSE {sql} END"


def word(engine: Engine, spec: object, columns: Columns, known: Sequence[str]) -> str:
    """SQL of a text that is one of the *known* words, else nothing."""
    sql = text(engine, spec, columns)
    listed = ", ".join(f"'{one}'" for one in known)
    return columns.let(f"CASE WHEN {sql} IN ({listed}) THEN {sql} END", 1)


def flag(engine: Engine, spec: object, columns: Columns) -> Expression:
    """SQL of a yes or no."""
    if isinstance(spec, Field) and len(spec.columns) == 1 and not spec.values:
        sql, kind = columns(spec.columns[0])
        if kind in _KEPT_TYPES:
            return Expression(sql, sql)
    sql = text(engine, spec, columns)
    cases = " ".join(f"WHEN '{written}' THEN {meaning}" for written, meaning in _WORDS.items())
    return Expression(columns.let(f"coalesce(try_cast({sql} AS BOOLEAN), CASE {sql} {cases} END)", 1), sql)


def number(spec: object, columns: Columns, kind: str) -> Expression:
    """SQL of a number of a *kind*: BIGINT, of which a fraction is none, or DOUBLE."""
    if not isinstance(spec, Field) or not spec.columns:
        raise PolicyError("a number needs a column", where=columns.where)
    written = columns.plain(spec.columns[0])[0]
    if kind == "BIGINT":  # a cast alone would round
        whole = f"try_cast({written} AS DECIMAL(28, 6)) % 1 = 0"
        return Expression(columns.let(f"CASE WHEN {whole} THEN try_cast({written} AS BIGINT) END", 1), written)
    return Expression(f"try_cast({written} AS {kind})", written)
