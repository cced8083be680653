"""Reports on single days with the calls kept of the days before give what a report on all days together gives."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from carry_fixture import Runs, days, export, resolved
from cc_metrics.model.durations import HOUR
from cc_metrics.model.promise import Policy, Promise, ResolutionTerms
from cc_metrics.policy import load
from cc_metrics.store.pseudonyms import Pseudonyms

SAMPLE = Path(__file__).parent.parent / "sample_data"
MONDAY = date(2024, 3, 25)  # clocks in Berlin go forward on the Sunday after it
REASON = ("customer_id", "reason")


def policy(window_ms: int, **terms: object) -> Policy:
    """Two tiers, a promise on one of them, and repeat calls."""
    asked = replace(ResolutionTerms(window_ms=window_ms, repeat_calls=3), **terms)
    vip = Promise(
        "vip", "first_call_resolution", "rate_at_least", Fraction(1, 2), where={"tier": ("vip",)}, resolution=asked
    )
    often = Promise("often", "repeat_calls", "rate_at_most", Fraction(1, 2), resolution=asked)
    tiers = (("vip", ("vip",)), ("ordinary", ("*",)))
    return Policy("p", tiers=tiers, resolution=asked, promises=(vip, often))


CASES = {
    "24 h, by queue and tier": (policy(24 * HOUR), "Europe/Berlin", ("queue", "tier"), 40, ()),
    "7 days, a day lacks": (policy(7 * 24 * HOUR), "Europe/Berlin", (), 40, (1,)),
    "an hour, two days lack": (policy(HOUR, repeats="answered"), "Asia/Shanghai", (), 40, (7, 8)),
    "issues of two days": (policy(48 * HOUR, unit="issue"), "UTC", (), 90, ()),
    "issues, a day lacks": (policy(30 * HOUR, unit="issue", key=REASON), "Europe/Berlin", ("tier",), 90, (7,)),
    "no Sundays": (policy(24 * HOUR, key=REASON), "Europe/Berlin", (), 40, (6,)),
}


@pytest.mark.parametrize("case", CASES)
def test_one_day_at_a_time_is_all_days_together(tmp_path, case):
    rules, zone, by, customers, without = CASES[case]
    runs = Runs(tmp_path, rules, zone)
    runs.by = by
    files = days(tmp_path, MONDAY, 11, zone, seed=7, without=without, customers=customers)
    known = []
    for place, (day, file) in enumerate(files.items()):
        one = runs.report([file], day)
        if place in (2, 4) or place > 6:
            whole = runs.report(list(files.values())[: place + 1], day, alone=True)
            assert resolved(one) == resolved(whole), day
            assert one.head == whole.head
        known.append(bool(one.latest))
    assert any(known)


def test_service_level_is_that_of_the_day_alone(tmp_path):
    runs = Runs(tmp_path, policy(24 * HOUR))
    files = days(tmp_path, MONDAY, 3, "UTC", seed=1)
    for day, file in files.items():
        one, alone = runs.report([file], day), runs.report([file], day, alone=True)
        assert (one.total, one.calls, one.intervals) == (alone.total, alone.calls, alone.intervals)
        assert (one.accounting, one.head) == (alone.accounting, alone.head)


def test_a_day_that_ends_early_is_not_complete_and_the_days_before_are_known(tmp_path):
    """The last export ends in the afternoon: as_of is the end of the day before, as with all days together."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    files = days(tmp_path, MONDAY, 4, "UTC", seed=2)
    *before, (day, last) = files.items()
    lines = last.read_text().splitlines(keepends=True)
    last.write_text("".join([lines[0], *(line for line in lines[1:] if line.split(",")[1][11:13] < "14")]))
    for earlier, file in before:
        runs.report([file], earlier)
    one, whole = runs.report([last], day), runs.report(list(files.values()), day, alone=True)
    assert resolved(one) == resolved(whole)
    assert one.head == whole.head
    assert not one.head.complete
    assert one.latest


def test_strays_of_the_day_before_belong_to_it(tmp_path):
    """An export cut by the end of calls holds some that began the day before, one of them exported before as well."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    files = days(tmp_path, MONDAY, 5, "UTC", seed=3)
    paths = list(files.values())
    for earlier, later in pairwise(paths):
        header, *lines = earlier.read_text().splitlines(keepends=True)
        late = [line for line in lines if line.split(",")[1][11:16] >= "23:50"]
        assert len(late) > 5
        earlier.write_text("".join([header, *(line for line in lines if line not in late[1:])]))
        later.write_text(later.read_text() + "".join(late))
    for place, (day, file) in enumerate(files.items()):
        one = runs.report([file], day)
        if place > 1:
            assert resolved(one) == resolved(runs.report(paths[: place + 1], day, alone=True)), day


def test_exports_cut_at_another_midnight_make_whole_days_together(tmp_path):
    """Cut in UTC, reported in Tokyo: each export holds the end of one day and the beginning of the next."""
    runs = Runs(tmp_path, policy(24 * HOUR), "Asia/Tokyo")
    files = days(tmp_path, MONDAY, 5, "UTC", seed=11)
    for place, (day, file) in enumerate(files.items()):
        one = runs.report([file], day)
        assert resolved(one) == resolved(runs.report(list(files.values())[: place + 1], day, alone=True)), day
        assert one.latest or not place


@pytest.mark.parametrize("unit", ["call", "issue"])
def test_a_day_given_again_gives_the_same(tmp_path, unit):
    runs = Runs(tmp_path, policy(24 * HOUR, unit=unit))
    files = days(tmp_path, MONDAY, 9, "UTC", seed=4, customers=90)
    *before, (day, last) = files.items()
    for earlier, file in before:
        runs.report([file], earlier)
    first = runs.report([last], day)
    kept = runs.kept.read_bytes()
    assert runs.report([last], day) == first
    assert runs.kept.read_bytes() == kept


def test_an_older_day_given_again_disturbs_nothing(tmp_path):
    runs = Runs(tmp_path, policy(24 * HOUR))
    files = days(tmp_path, MONDAY, 8, "UTC", seed=5)
    named = list(files.items())
    found = {day: runs.report([file], day) for day, file in named[:7]}
    day, file = named[5]
    assert resolved(runs.report([file], day)) == resolved(found[day])
    day, file = named[7]
    assert resolved(runs.report([file], day)) == resolved(runs.report(list(files.values()), day, alone=True))


def test_a_corrected_day_replaces_what_was_kept_of_it(tmp_path):
    """A third of its calls were tests, and are gone from the second export."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    (_, one), (day, two), (next_day, three) = days(tmp_path, MONDAY, 3, "UTC", seed=6).items()
    runs.report([one], MONDAY.isoformat())
    wrong = runs.report([two], day)
    lines = two.read_text().splitlines(keepends=True)
    two.write_text("".join(line for place, line in enumerate(lines) if place % 3 != 1))
    right = runs.report([two], day)
    assert resolved(right) != resolved(wrong)
    assert resolved(right) == resolved(runs.report([one, two], day, alone=True))
    both = runs.report([one, two, three], next_day, alone=True)
    assert resolved(runs.report([three], next_day)) == resolved(both)


def test_pseudonyms_change_no_figure(tmp_path):
    runs = Runs(tmp_path, policy(24 * HOUR))
    runs.pseudonyms = Pseudonyms(b"a secret of sixteen bytes")
    files = days(tmp_path, MONDAY, 4, "UTC", seed=8)
    for place, (day, file) in enumerate(files.items()):
        one = runs.report([file], day)
        assert resolved(one) == resolved(runs.report(list(files.values())[: place + 1], day, alone=True))
        assert one.latest or not place


def test_shares_of_the_customers_and_hashes_that_clash(tmp_path, monkeypatch):
    """Many calls are counted share by share; customers whose hashes are alike by name: neither changes anything."""
    runs = Runs(tmp_path, policy(24 * HOUR, unit="issue"))
    named = list(days(tmp_path, MONDAY, 5, "UTC", seed=9, customers=90).items())
    for day, file in named[:4]:
        runs.report([file], day)
    day, file = named[4]
    right = resolved(runs.report([file], day, save=False))
    from cc_metrics.measures import contacts

    marks = []

    def few(calls, name, packing, *rest):
        marks.append(packing.bits)
        return contacts.contacts_sql(calls, name, packing, *rest).replace(
            "hash(customer) END", "ascii(customer) % 2 END"
        )

    with monkeypatch.context() as patch:
        patch.setattr("cc_metrics.store.resolution.contacts_sql", few)
        assert resolved(runs.report([file], day, save=False)) == right
    assert {0} < set(marks)
    monkeypatch.setattr("cc_metrics.store.resolution.ROWS_A_PART", 50)
    assert resolved(runs.report([file], day, save=False)) == right


def test_the_sample_of_one_day_is_known_up_to_the_day_before(tmp_path):
    rules = load(str(SAMPLE / "policy.toml"))
    runs = Runs(tmp_path, rules, "Asia/Shanghai")
    files = {day: SAMPLE / "hotline" / f"calls-{day}.csv" for day in ("2013-08-18", "2013-08-19", "2013-08-20")}
    found = [runs.report([file], day) for day, file in files.items()]
    assert [bool(report.latest) for report in found] == [False, True, True]
    whole = runs.report(sorted((SAMPLE / "hotline").iterdir()), "2013-08-20", alone=True)
    assert resolved(found[-1]) == resolved(whole)
    [known] = found[-1].latest
    assert (known["days"], known["eligible"]) == ("19 Aug", 2025)


NOON = 1_376_913_600  # 19 August 2013, 12:00 UTC
DAY = 86_400


def call(name, at, customer, *, queue="q1", tier="vip", outcome="answered", talk=0):
    return (name, at, outcome, 0, talk, queue, tier, "", customer, "", "")


def edge(day):
    """A call at the very end of a day, so that the day is covered."""
    return call(f"edge{day}", NOON + DAY // 2 + day * DAY - 0.001, "")


def test_known_up_to_the_day_before_by_hand(tmp_path):
    """Three calls on the 19th, two of them to q1. a calls again 24 h after the end to the millisecond, b one later."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    runs.by = ("queue",)
    first = [call("a1", NOON, "a"), call("b1", NOON, "b"), call("c1", NOON, "c", queue="q2"), edge(0)]
    second = [call("a2", NOON + DAY, "a"), call("b2", NOON + DAY + 0.001, "b"), edge(1)]
    runs.report([export(tmp_path / "19.csv", first)], "2013-08-19")
    report = runs.report([export(tmp_path / "20.csv", second)], "2013-08-20")
    [known] = report.latest
    assert (known["days"], known["resolved"], known["eligible"]) == ("19 Aug", 2, 3)
    assert [
        (row["queue"], row["answered"], row["with_key"], row["too_recent"]) for row in report.first_call_resolution
    ] == [("q1", 3, 2, 2)]


def test_values_that_only_an_earlier_day_has(tmp_path):
    """The tier has another word in the source on the 20th: of its two calls on the 19th one was repeated."""
    runs = Runs(tmp_path, replace(policy(24 * HOUR), tiers=(("vip", ("gold", "vip")), ("ordinary", ("*",)))))
    first = [
        call("a1", NOON, "a", tier="gold"),
        call("b1", NOON, "b", tier="gold"),
        call("c1", NOON, "c", tier="x"),
        edge(0),
    ]
    second = [
        call("a2", NOON + 3600, "a", tier="x"),
        call("d1", NOON + DAY, "d"),
        ("e", NOON + 1.5 * DAY - 0.001, "abandoned", 0, 0, "q1", "x", "", "", "", ""),
    ]
    runs.report([export(tmp_path / "19.csv", [*first, second[0]])], "2013-08-19")
    report = runs.report([export(tmp_path / "20.csv", second[1:])], "2013-08-20")
    vip = report.promises[0]
    assert (vip.days, vip.row["kept"], vip.row["settled"]) == ("19 Aug", 1, 2)


def test_the_report_says_what_it_knows_beside_the_export(tmp_path):
    runs = Runs(tmp_path, policy(24 * HOUR))
    files = list(days(tmp_path, MONDAY, 14, "UTC", seed=1, without=(8,)).items())
    notes = []
    for day, file in files:
        report = runs.report([file], day)
        notes.append([note for note in report.notes if "kept" in note])
        gaps = [warning.text for warning in report.warnings if warning.code == "days_without_calls"]
        assert ["2024-04-02" < day < "2024-04-07"] == ["2024-04-02" in "".join(gaps)], (
            "as long as a window may touch it"
        )
    also = "first-call resolution also knows the calls kept of"
    assert notes[:3] == [[], [f"{also} 2024-03-25"], [f"{also} 2024-03-25 to 2024-03-26"]]
    assert notes[-1] == [f"{also} 2024-04-03 to 2024-04-06"]


def test_ties_are_broken_as_they_were(tmp_path):
    """Of two calls in one millisecond the first by id is repeated by the other: a, b, c; the answered ones of d, e."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    first = [call(f"{name}1", NOON, name) for name in "abc"]
    first += [call(f"{name}2", NOON, name, outcome="abandoned") for name in "abc"]
    first += [call(f"{name}2", NOON, name) for name in "de"]
    first += [call(f"{name}1", NOON, name, outcome="abandoned") for name in "de"]
    runs.report([export(tmp_path / "19.csv", [*first, edge(0)])], "2013-08-19")
    report = runs.report([export(tmp_path / "20.csv", [call("f", NOON + DAY, "f"), edge(1)])], "2013-08-20")
    [known] = report.latest
    assert (known["resolved"], known["eligible"]) == (2, 5)


def test_legs_that_only_an_earlier_day_tells_of(tmp_path):
    """On the 19th a was handed on, which is one call; the export of the 20th has no transfers."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    handed = (*call("a1", NOON, "a", talk=60_000)[:-1], "true")
    first = [handed, call("a2", NOON + 62, "a", talk=60_000), call("b1", NOON, "b"), edge(0)]
    runs.report([export(tmp_path / "19.csv", first)], "2013-08-19")
    report = runs.report([export(tmp_path / "20.csv", [call("c", NOON + DAY, "c"), edge(1)])], "2013-08-20")
    [known] = report.latest
    assert (known["resolved"], known["eligible"]) == (2, 2)


def test_days_before_the_export_are_no_data_of_its_report(tmp_path):
    """The contacts kept of a day say nothing of its service level: a report on that day has no data."""
    runs = Runs(tmp_path, policy(24 * HOUR))
    (before, first), (_, second) = days(tmp_path, MONDAY, 2, "UTC", seed=1).items()
    runs.report([first], before)
    report = runs.report([second], before)
    assert (report.head.complete, report.head.incomplete) == (False, "no data")
    assert report.head == runs.report([second], before, alone=True).head


def test_calls_kept_for_old_issues_alone_are_not_judged(tmp_path):
    """Issues of a day are asked for all along, and calls by a window that grows from an hour to six days."""
    rules = policy(HOUR)
    issues = replace(rules.promises[0], resolution=ResolutionTerms(window_ms=24 * HOUR, unit="issue"))
    runs = Runs(tmp_path, replace(rules, promises=(issues,)))
    named = list(days(tmp_path, MONDAY, 12, "UTC", seed=1, customers=20).items())
    for day, file in named[:9]:
        runs.report([file], day)
    runs.now(window_ms=6 * 24 * HOUR)
    known = [[row["days"] for row in runs.report([file], day).latest] for day, file in named[9:]]
    assert known == [[], ["29 Mar"], ["30 Mar"]]
