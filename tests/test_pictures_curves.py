"""Turnaround as cumulative curves: against sorted lists, with the report's percentiles and every deadline on them."""

import random
from datetime import datetime, timedelta
from itertools import groupby

import pytest

from case_fixture import reported, write, written
from cc_metrics import policy as policies
from cc_metrics import reporting
from cc_metrics.store import kinds
from cc_metrics.store.given import open_given
from cc_metrics.store.open import Reading

FIRST = datetime.fromisoformat("2013-08-01")
LAST = {"case_id": "end of data", "opened_at": "2013-08-30T23:59:00", "kind": "last"}
DAY = 'measure = "turnaround"\nwithin = "24 hours"\ntarget = "90 %"'


def case(name, kind, took_ms, opened=FIRST, **more):
    """A case of a kind that took so long; None is open."""
    end = "" if took_ms is None else (opened + timedelta(milliseconds=took_ms)).isoformat(timespec="milliseconds")
    return {"case_id": name, "kind": kind, "opened_at": opened.isoformat(), "resolved_at": end, **more}


def report(folder, rows, *promises, above="", zone="Asia/Shanghai", **span):
    cases = write(folder / "cases.csv", [*rows, LAST])
    return reported([cases], written(folder, *promises, above=above, zone=zone), **span)


def curve(found, kind):
    """(elapsed, closed) of a kind, whose shares are checked."""
    rows = [row for row in found.curves if row["kind"] == kind]
    everyone = rows[-1]["closed"] if rows else 0
    assert [row["share"] for row in rows] == [row["closed"] / everyone for row in rows]
    return [(row["elapsed_s"], row["closed"]) for row in rows]


def test_few_cases_have_every_value(tmp_path):
    took = [7_200_000, 3_600_000, 3_600_000, 86_400_000, 90_000_001]
    rows = [case(f"c{n}", "repair", length) for n, length in enumerate(took)]
    rows += [case("o", "repair", None), case("m", "move", 0), case("n", "", 5_000)]
    found = report(tmp_path, rows)
    assert curve(found, "repair") == [(3_600, 2), (7_200, 3), (86_400, 4), (90_000.001, 5)]
    assert curve(found, "move") == [(0, 1)]
    assert curve(found, None) == [(5, 1)]
    assert [kind for kind, _ in groupby(row["kind"] for row in found.curves)] == ["move", "repair", None]


def test_the_cases_closed_in_the_period_whenever_they_were_opened(tmp_path):
    """Closed on the first moment of the period they count, on its last not; what lies after as_of is not known."""
    opened = datetime.fromisoformat("2013-08-19 22:00")
    lengths = {"before": 7_199_999, "first": 7_200_000, "last": 93_599_999, "after": 93_600_000}
    rows = [case(name, "repair", length, opened) for name, length in lengths.items()]
    found = report(tmp_path, rows, date="2013-08-20")
    assert curve(found, "repair") == [(7_200, 1), (93_599.999, 2)]
    assert [row["closed"] for row in found.cases if row["kind"] == "repair"] == [2]
    early = report(tmp_path, rows, date="2013-08-20", as_of="2013-08-20 12:00")
    assert curve(early, "repair") == [(7_200, 1)]
    assert report(tmp_path, rows, date="2013-08-10").curves == ()


@pytest.mark.parametrize(
    ("promise", "points"),
    [
        (DAY, [(86_400, 2)]),
        (f'{DAY}\nedge = "<"', [(86_399.999, 1), (86_400, 2)]),
        (f'{DAY}\nwhere = {{ kind = "repair" }}', [(86_400, 2)]),
        (f'{DAY}\nwhere = {{ kind = "repair", tier = "vip" }}', [(86_400, 2)]),
        (f'{DAY}\nwhere = {{ kind = "*" }}', [(86_400, 2)]),
        (f'{DAY}\nwhere = {{ kind = "move" }}', []),
        (f'{DAY}\nwhere_not = {{ kind = "repair" }}', []),
        (f'{DAY}\nto = "responded"', []),
        (f'{DAY}\npaused = "off"', []),
        (f'{DAY}\nclock = "working"', []),
        ('measure = "turnaround"\nwithin = "1 working day"\ntarget = "90 %"', []),
    ],
)
def test_a_plain_deadline_is_a_point(tmp_path, promise, points):
    """Of 200 cases one took a minute, one a day on the dot, the others ten days: no rank ends at a day by itself."""
    lengths = [60_000, 86_400_000, *[864_000_000] * 198]
    rows = [
        case(f"c{n}", "repair", length, tier="vip", paused_ms="0", responded_at="2013-08-01T00:00:01")
        for n, length in enumerate(lengths)
    ]
    rows.append(case("move", "move", 60_000))
    found = report(tmp_path, rows, promise)
    assert curve(found, "repair") == [(60, 1), *points, (864_000, 200)]


def test_the_deadline_that_several_promises_share_is_one_point(tmp_path):
    rows = [case(f"c{n}", "repair", 60_000) for n in range(3)]
    found = report(tmp_path, rows, DAY, DAY.replace("90 %", "80 %"), DAY.replace("24", "48"))
    assert curve(found, "repair") == [(60, 3), (86_400, 3), (172_800, 3)]


def lengths_of(number, dice):
    """So many lengths of time, with ties in every second list."""
    most = 40 if number % 2 else 10**9
    return [dice.randrange(most) * (3_600_000 if number % 2 else 1) for _ in range(number)]


def test_against_sorted_lists(tmp_path):
    """Kinds of 1 to 300 cases: each point is exact, the values at all sixtieths are there, hardly any others."""
    dice = random.Random(7)
    took = {f"k{number}": lengths_of(number, dice) for number in range(1, 301)}
    rows = [case(f"{kind}-{n}", kind, length) for kind, all_ in took.items() for n, length in enumerate(all_)]
    found = report(tmp_path, rows, DAY)
    told = {kind: list(points) for kind, points in groupby(found.curves, lambda row: row["kind"])}
    figures = {row["kind"]: row for row in found.cases}
    assert set(told) == set(took)
    for kind, points in told.items():
        ordered = sorted(took[kind])
        elapsed = [point["elapsed_s"] for point in points]
        assert elapsed == sorted(set(elapsed))
        for point in points:
            within = sum(length <= round(point["elapsed_s"] * 1000) for length in ordered)
            assert (point["closed"], point["share"]) == (within, within / len(ordered))
        at_ranks = {ordered[-(-rank * len(ordered) // 60) - 1] for rank in range(1, 61)}
        wanted = {length / 1000 for length in at_ranks | {ordered[0], 86_400_000}}
        assert set(elapsed) == (wanted if len(ordered) > 60 else wanted | {length / 1000 for length in ordered})
        assert len(elapsed) <= 62
        assert {figures[kind]["p50_s"], figures[kind]["p90_s"], figures[kind]["longest_s"]} <= set(elapsed)


def test_only_where_pictures_are_asked_for(tmp_path):
    paths = [write(tmp_path / "cases.csv", [case("c", "repair", 60_000), LAST])]
    rules = policies.load(str(written(tmp_path)))
    for asked in (True, False):
        given = open_given(kinds.sort(paths), Reading(policy=rules))
        found = reporting.build(given.calls, rules, reporting.Request(pictures=asked), given.beside)
        given.close()
        assert bool(found.curves) is asked


def test_a_source_that_does_not_record_the_end_has_no_curve(tmp_path):
    row = {"case_id": "c", "opened_at": "2013-08-20T09:00:00", "kind": "repair"}
    assert reported([write(tmp_path / "cases.csv", [row])], written(tmp_path)).curves == ()
