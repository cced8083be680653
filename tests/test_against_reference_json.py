"""Paths into records of any shape against Python's json: keys, places, choices, rows of lists, what is beside them."""

import json
import random

import pytest

import cc_metrics as cc
from cc_metrics.model.promise import Policy

AT = "2026-03-02T09:00:00Z"
TOGETHER = (
    ("a", '"a.b"', "l[0]"),
    ("a.b", "l[1].a", "l[n=x].b"),
    ("a.b.a", "l[n=x|y].b", "l[n=y].l[0].a"),
    ("a.l[n=x].l[n=x|y].a", "l[0].a.b", "n"),
)
MAPPING = """
name = "made"
[file]
form = "json"
{rows}
[calls]
call_id = "id"
offered_at = {{ column = "at" }}
outcome = {{ always = "abandoned" }}
queue = '{queue}'
tier = '{tier}'
reason = '{reason}'
"""


def _value(dice, depth=0):
    """Anything: what stands at a path is an object here, a list there, a word or nothing elsewhere."""
    kind = dice.random()
    if depth > 3 or kind < 0.35:
        return dice.choice(
            (None, "", "x", "y", "x|y", 'é "q" \\ ,', "１２", 0, 1, -7, 12345678901234, 1.5, True, False)
        )
    if kind < 0.75:
        return _object(dice, depth)
    return [_value(dice, depth + 1) for _ in range(dice.randrange(4))]


def _object(dice, depth=0):
    keys = [key for key in ("a", "b", "a.b", "n", "l", "z") if dice.random() < 0.6]
    made = {key: _value(dice, depth + 1) for key in keys}
    if dice.random() < 0.6:
        made["l"] = [_object(dice, depth + 1) if dice.random() < 0.9 else None for _ in range(dice.randrange(4))]
    if dice.random() < 0.7:
        made["n"] = dice.choice(("x", "y", "z"))
    return made


def _steps(path):
    """(key, choice) of each step; a choice is a place, (key, values) or None."""
    found = []
    for part in ["a.b"] if path == '"a.b"' else path.split("."):
        key, _, choice = part.partition("[")
        choice = choice.removesuffix("]")
        name, _, values = choice.partition("=")
        found.append((key, int(choice) if choice.isdigit() else (name, values.split("|")) if values else None))
    return found


def _taken(value, steps):
    """What stands at the end of the steps; None where there is nothing."""
    for key, choice in steps:
        value = value.get(key) if isinstance(value, dict) else None
        if isinstance(choice, int):
            value = value[choice] if isinstance(value, list) and choice < len(value) else None
        elif choice is not None:
            value = next(iter(_chosen(value, choice)), None)
    return value


def _chosen(value, choice):
    items = value if isinstance(value, list) else []
    return [i for i in items if isinstance(i, dict) and i.get(choice[0]) in choice[1]]


def _text(value):
    """A value as text: nothing is None; of lists and objects only that they are there is compared."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return ... if isinstance(value, list | dict) else value if isinstance(value, str) else str(value)


def _read(folder, records, paths, rows=""):
    (folder / "made.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n", "utf-8")
    named = dict(zip(("queue", "tier", "reason"), paths, strict=True))
    (folder / "made.toml").write_text(MAPPING.format(rows=rows, **named), "utf-8")
    calls = cc.read_calls(folder / "made.jsonl", mapping=str(folder / "made.toml"), tz="UTC", max_rejected=1)
    opened = calls.open(Policy("p"))
    view = opened.calls[0].view
    return opened.engine.rows(f"SELECT call_id, status, queue, tier, reason FROM {view} ORDER BY file, row")


@pytest.mark.parametrize("paths", TOGETHER, ids=str)
@pytest.mark.parametrize("seed", range(3))
def test_paths(tmp_path, seed, paths):
    dice = random.Random(seed)
    records = [{**_object(dice), "id": f"r{number}", "at": AT} for number in range(60)]
    found = _read(tmp_path, records, paths)
    assert [row[:2] for row in found] == [(record["id"], 0) for record in records]
    for record, (_, _, *texts) in zip(records, found, strict=True):
        for path, text in zip(paths, texts, strict=True):
            _check(text, _taken(record, _steps(path)), path, record)


def _check(text, value, *about):
    expected = _text(value)
    assert text == expected or (expected is ... and text), (text, expected, *about)


ROWS = """
[file.rows]
one = "l[n=x|y]"
part = "one.l[]"
"""


@pytest.mark.parametrize("seed", range(6))
def test_rows_of_lists(tmp_path, seed):
    """Each item of the inner lists is a row, in their order; a record without any is one row that has nothing."""
    dice = random.Random(seed)
    records = [{**_object(dice), "id": f"r{number}", "at": AT} for number in range(60)]
    expected = []
    for record in records:
        ones = _chosen(record.get("l"), ("n", ("x", "y")))
        parts = [(one, part) for one in ones for part in _items(one)] or [(None, None)]
        expected += [(record, one, part) for one, part in parts]
    found = _read(tmp_path, records, ("a.b", "part.n", "part.l[n=x].a"), ROWS)
    assert [row[0] for row in found] == [record["id"] for record, _, _ in expected]
    for (record, _, part), (_, _, own, first, second) in zip(expected, found, strict=True):
        _check(own, _taken(record, _steps("a.b")), record)
        _check(first, _taken(part, _steps("n")), record)
        _check(second, _taken(part, _steps("l[n=x].a")), record)


def _items(one):
    return one["l"] if isinstance(one.get("l"), list) else []


BESIDE = """
[file.rows]
visit = "visits[]"
[file.beside]
levels = { agent = "agents[]", answer = "agent.answers[]" }
same = { "answer.q" = "visit.q" }
since = { "answer.at" = "visit.at" }
"""


@pytest.mark.parametrize("seed", range(6))
def test_what_is_beside_a_row(tmp_path, seed):
    """An answer belongs to the last visit of its queue that began by then; of several the first is the visit's."""
    dice = random.Random(seed)

    def moment(*others):
        return dice.choice((f"2026-03-29T0{dice.randrange(3)}:59:5{dice.randrange(4)}Z", *others))

    records = [
        {
            "id": f"r{number}",
            "at": AT,
            "visits": [
                {"q": dice.choice("ab"), "at": at} for at in sorted({moment() for _ in range(dice.randrange(4))})
            ],
            "agents": [
                {"answers": [{"q": dice.choice("ab"), "at": moment(None, "never"), "who": f"{a}{w}"} for w in range(3)]}
                for a in range(dice.randrange(3))
            ],
        }
        for number in range(60)
    ]
    expected = []
    for record in records:
        first = {}
        for answer in (answer for agent in record["agents"] for answer in agent["answers"]):
            at = answer["at"] or ""
            by_then = [v for v in record["visits"] if at.endswith("Z") and v["q"] == answer["q"] and v["at"] <= at]
            if by_then:
                visit = max(by_then, key=lambda v: v["at"])
                key = visit["q"], visit["at"]
                first[key] = min(first.get(key, answer), answer, key=lambda a: a["at"])
        for visit in record["visits"] or [{"q": None, "at": None}]:
            who = first.get((visit["q"], visit["at"]), {}).get("who")
            expected.append((record["id"], 0, visit["q"], visit["at"], who))
    assert _read(tmp_path, records, ("visit.q", "visit.at", "answer.who"), BESIDE) == expected
