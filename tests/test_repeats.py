"""First-call resolution by hand: on the dot, ties, legs, net and gross; and the same where customers share a hash."""

from datetime import UTC, datetime

import pytest

import cc_metrics as cc
from cc_metrics import policy, reporting
from cc_metrics.errors import UsageError
from cc_metrics.measures import contacts, first_call_resolution
from cc_metrics.measures.contacts import Packing
from cc_metrics.store.open import Reading, open_sources

H = 3_600_000
DAY = 24 * H


def export(tmp_path, rows, name="calls.csv"):
    """A CSV of rows (call_id, offered ms, outcome, wait, talk, customer, transferred, reason)."""
    lines = ["call_id,offered_at,outcome,wait_ms,talk_ms,customer_id,transferred,reason"]
    for call_id, offered, outcome, wait, talk, customer, *more in rows:
        moment = datetime.fromtimestamp(offered / 1000, UTC).isoformat(timespec="milliseconds")
        transferred, reason = (*more, "", "")[:2]
        lines.append(f"{call_id},{moment},{outcome},{wait},{talk},{customer},{transferred},{reason}")
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def resolved(path, **terms):
    """The row of first-call resolution of a file, window one hour."""
    [row] = cc.first_call_resolution(cc.read_calls(path, tz="UTC"), window="1h", **terms).to_dict("records")
    return row


def counts(row):
    return row["answered"], row["with_key"], row["too_recent"], row["eligible"], row["resolved"]


ENDS = [("z1", DAY - 1, "abandoned", 0, 0, "z")]  # the day is covered to its end


def test_a_call_at_the_very_end_of_the_window_is_a_repeat(tmp_path):
    """Ends at 1:02:03; W is an hour: 2:02:03.000 is a repeat, a millisecond later is none."""
    end = H + 123_000
    at = [("a1", H, "answered", 3_000, 120_000, "a"), ("a2", end + H, "abandoned", 0, 0, "a")]
    after = [("b1", H, "answered", 3_000, 120_000, "b"), ("b2", end + H + 1, "abandoned", 0, 0, "b")]
    assert counts(resolved(export(tmp_path, [*at, *ENDS]))) == (1, 1, 0, 1, 0)
    assert counts(resolved(export(tmp_path, [*after, *ENDS]))) == (1, 1, 0, 1, 1)
    assert counts(resolved(export(tmp_path, [*at, *after, *ENDS]))) == (2, 2, 0, 2, 1)


def test_a_window_that_closes_with_the_data_is_settled(tmp_path):
    """as_of is midnight: the window of a call that ends at 23:00:00.000 is closed, one of a millisecond more is not."""
    on = ("a1", 22 * H, "answered", 0, H, "a")
    over = ("b1", 22 * H, "answered", 0, H + 1, "b")
    assert counts(resolved(export(tmp_path, [on, over, *ENDS]))) == (2, 2, 1, 1, 1)


def test_ties_are_broken_by_the_call_id(tmp_path):
    """Of two calls in one millisecond the first by id is repeated by the other, which nobody follows."""
    tie = [("a2", H, "answered", 0, 0, "a"), ("a1", H, "answered", 0, 60_000, "a")]
    row = resolved(export(tmp_path, [*tie, *ENDS]))
    assert counts(row) == (2, 2, 0, 2, 1)


def test_legs_are_one_call_to_the_last_legs_end(tmp_path):
    """Five seconds before or after the end of a transferred row make a leg; 5.001 s a repeat."""
    first = ("a1", H, "answered", 0, 60_000, "a", "true")
    leg, beyond = H + 65_000, H + 65_001
    joined = [first, ("a2", leg, "answered", 0, 60_000, "a"), ("a3", leg + 60_000 + H, "answered", 0, 0, "a")]
    assert counts(resolved(export(tmp_path, [*joined, *ENDS]))) == (2, 2, 0, 2, 1)
    apart = [first, ("a2", beyond, "answered", 0, 60_000, "a")]
    assert counts(resolved(export(tmp_path, [*apart, *ENDS]))) == (2, 2, 0, 2, 1)
    assert counts(resolved(export(tmp_path, [first, ("a2", leg, "answered", 0, 60_000, "a"), *ENDS]))) == (
        1,
        1,
        0,
        1,
        1,
    )


def test_a_key_is_a_dimension_of_calls(tmp_path):
    """Its names stand in the engine's SQL, so nothing else may."""
    path = export(tmp_path, ENDS)
    with pytest.raises(UsageError, match="calls have no 'customer' to tell customers by"):
        resolved(path, key="customer")
    with pytest.raises(UsageError, match="to tell customers by"):
        resolved(path, key=("customer_id", "queue) FROM accepted --"))


MANY = [
    (f"{customer}{n}", n * H // 2 + 1_000 * place, "answered", 0, 1_000 * n, customer, "true" if n % 3 == 0 else "")
    for place, customer in enumerate("abcdefgh")
    for n in range(1, 14, 2)
]


@pytest.mark.parametrize("unit", ["call", "issue"])
def test_customers_who_share_a_hash_are_told_apart(tmp_path, monkeypatch, unit):
    path = export(tmp_path, [*MANY, *ENDS])
    right = resolved(path, unit=unit, repeat_calls=3)
    seen = []

    def two_hashes(calls, name, packing, *rest):
        sql = contacts.contacts_sql(calls, name, packing, *rest)
        seen.append(packing.bits)
        return sql.replace("hash(customer_id) END", "ascii(customer_id) % 2 END")

    monkeypatch.setattr("cc_metrics.store.resolution.contacts_sql", two_hashes)
    assert resolved(path, unit=unit, repeat_calls=3) == right
    assert {32, 0} == set(seen), "the second time by name"


def test_the_share_of_customers_counted_at_a_time_changes_nothing(tmp_path, monkeypatch):
    path = export(tmp_path, [*MANY, ("y1", 3 * H, "answered", 0, 0, ""), *ENDS])
    whole = [resolved(path, unit=unit, repeat_calls=2) for unit in ("call", "issue")]
    monkeypatch.setattr("cc_metrics.store.resolution.ROWS_A_PART", 20)
    assert [resolved(path, unit=unit, repeat_calls=2) for unit in ("call", "issue")] == whole
    assert counts(whole[0])[:2] == (57, 56)


def test_the_mark_takes_what_the_span_leaves():
    assert Packing.of(0, 10 * 365 * DAY).bits == 23
    assert Packing.of(7, 7).bits == 32
    assert first_call_resolution.Watch(0, 0, 0).touched("a", "b") == "FALSE"


def judged_net(tmp_path, rows):
    """A promise on first-call resolution within an hour that leaves out calls on outages."""
    rules = tmp_path / "p.toml"
    rules.write_text(
        'name = "p"\ntimezone = "UTC"\n[first_call_resolution]\nwindow = "1 hour"\n'
        'not_resolvable = { reason = ["outage"] }\n'
        '[[promise]]\nname = "solved"\nmeasure = "first_call_resolution"\ntarget = "90 %"\n',
        "utf-8",
    )
    loaded = policy.load(str(rules))
    request = reporting.Request()
    reading = Reading(None, None, loaded, reporting.dimensions(request, loaded))
    opened = open_sources((export(tmp_path, rows),), reading)
    [judged] = reporting.build(opened, loaded, request).promises
    return judged


def test_net_of_what_cannot_be_solved_at_once(tmp_path):
    """Three calls, one of them on an outage and repeated: net 2 of 2, gross 2 of 3."""
    rows = [
        ("a1", H, "answered", 0, 60_000, "a", "", "outage"),
        ("a2", H + 120_000, "abandoned", 0, 0, "a", "", "bill"),
        ("b1", H, "answered", 0, 0, "b", "", "bill"),
        ("c1", H, "answered", 0, 0, "c", "", "bill"),
    ]
    judged = judged_net(tmp_path, [*rows, *ENDS])
    assert (judged.row["kept"], judged.row["settled"], judged.row["verdict"]) == (2, 2, "kept")
    assert judged.note == "net of what cannot be solved at once; gross 66.7 % of 3"


def test_gross_is_of_the_whole_period(tmp_path):
    """On the second day only an outage was called about, and again: gross 2 of 3 over both days, net 2 of 2."""
    rows = [
        ("a1", H, "answered", 0, 0, "a", "", "bill"),
        ("b1", 20 * H, "answered", 0, 0, "b", "", "bill"),
        ("c1", DAY + H, "answered", 0, 60_000, "c", "", "outage"),
        ("c2", DAY + H + 600_000, "abandoned", 0, 0, "c", "", "outage"),
        ("z1", 2 * DAY - 1, "abandoned", 0, 0, "z", "", "bill"),
    ]
    judged = judged_net(tmp_path, rows)
    assert (judged.row["kept"], judged.row["settled"]) == (2, 2)
    assert judged.note == "net of what cannot be solved at once; gross 66.7 % of 3"
