"""Aggregated files that others published, and the figures that stand in them: an emergency line, repeat contacts."""

import csv
from pathlib import Path

import pytest

import cc_metrics as cc
from cc_metrics.errors import UsageError
from interval_fixture import codes

DATA = Path(__file__).parents[2] / "shared" / "data"
ALEXANDRIA = DATA / "alexandria-911"
FIBER = DATA / "google-fiber-repeat-calls"

emergency = pytest.mark.skipif(not ALEXANDRIA.is_dir(), reason="needs alexandria-911, which is not here")
fiber = pytest.mark.skipif(not FIBER.is_dir(), reason="needs google-fiber-repeat-calls, which is not here")

SAMPLES = Path(__file__).parent / "samples"

LINES = {"911": ("911_T", "911_PCT_{}", "911_PCT_AB"), "administrative": ("ADM_T", "ADM_PCT_{}", "ADM_PCT_AB")}
ODD = {"ADM_PCT_15": "PCT_ADM_15"}


def printed(path, line, within):
    """What the centre printed for each hour: (calls, share answered in time, share abandoned)."""
    total, level, abandoned = LINES[line]
    name = level.format(within)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [(int(row[total]), row[ODD.get(name, name)], row[abandoned]) for row in csv.DictReader(file)]


def test_a_sample_of_the_emergency_line():
    calls = cc.read_calls(SAMPLES / "alexandria-911" / "hours.csv", mapping="alexandria-911")
    report = cc.report(calls, policy="us-nena-020", by=("queue",), every="1h").report
    found = [(r["queue"], r["offered"], r["abandoned"], r["formulas"]["answered_only"]) for r in report.calls]
    # within 20 s: 9 of 10; of none answered; of none at all; and 3 of 4, none, 1 of 2
    assert sorted(found, key=lambda row: row[0]) == [
        ("911", 12, 2, 0.9),
        ("911", 3, 3, None),
        ("911", 0, 0, None),
        ("administrative", 4, 0, 0.75),
        ("administrative", 0, 0, None),
        ("administrative", 4, 2, 0.5),
    ]
    assert [(j.row["kept"], j.row["settled"]) for j in report.promises] == [(8, 15), (9, 15)]
    assert {j.row["verdict"] for j in report.promises} == {"not_judged"}  # three hours are no day


@pytest.mark.parametrize(("file", "day"), [("contacts.csv", "2022-05-01"), ("contacts-day-first.csv", "2022-06-05")])
def test_a_sample_of_repeat_contacts(file, day):
    calls = cc.read_calls(SAMPLES / "google-fiber" / file, mapping="google-fiber")
    report = cc.report(calls, by=("queue",), every="1d").report
    assert "wait_unit" not in codes(report)  # no wait is known to be long
    rows = [r for r in report.calls if r["start"] == day]
    counts = {row["queue"].removeprefix("repeat, "): row["answered"] for row in rows}
    fifth = 1 if file == "contacts.csv" else 0
    repeats = {"day 1": 5, "day 2": 0, "day 3": 1, "day 4": 0, "day 5": fifth, "day 6": 0, "day 7": 2}
    assert counts == {"first contact": 40, **repeats}
    assert {row["channel"] for row in rows} == {"first contact", "repeat contact"}
    assert "wait_unit" not in {caution.code for caution in cc.report(calls).report.warnings}  # of no wait at all


@emergency
@pytest.mark.parametrize("week", ["week_44", "week_45"])
@pytest.mark.parametrize("within", [15, 40])
def test_the_centre_s_own_percentages_of_every_hour(week, within):
    path = ALEXANDRIA / f"{week}_phone.csv"
    calls = cc.read_calls(path, mapping="alexandria-911")
    found = cc.service_level(calls, within=f"{within}s", formula="answered_only", by=["queue"], every="1h")
    hours = answered = 0
    for line in LINES:
        rows = found[found["queue"] == line].sort_values("start").to_dict("records")
        theirs = printed(path, line, within)
        assert len(rows) == len(theirs) == 168
        answered += sum(float(abandoned) < 1 and offered > 0 for offered, _, abandoned in theirs)
        for row, (offered, level, abandoned) in zip(rows, theirs, strict=True):
            assert row["offered"] == offered
            if row["answered"]:
                hours += 1
                assert abs(row["service_level"] - float(level)) < 0.00005 + 1e-9
            else:
                assert row["service_level"] != row["service_level"] or row["service_level"] is None
            if offered:
                assert abs(row["abandonment_rate"] - float(abandoned)) < 0.00005 + 1e-9
    assert hours == answered > 300


@emergency
def test_the_emergency_line_is_judged_without_the_administrative_one():
    report = cc.report(cc.read_calls(ALEXANDRIA, mapping="alexandria-911"), policy="us-nena-020").report
    verdicts = [(j.row["kept"], j.row["settled"], j.row["verdict"]) for j in report.promises]
    # counted by hand from the columns 911_10, 911_15, 911_20 and 911_T of both weeks
    sums = dict.fromkeys(("911_10", "911_15", "911_20", "911_T"), 0)
    for path in sorted(ALEXANDRIA.glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                sums = {name: number + int(row[name]) for name, number in sums.items()}
    in_15 = sums["911_10"] + sums["911_15"]
    assert verdicts == [(in_15, sums["911_T"], "missed"), (in_15 + sums["911_20"], sums["911_T"], "missed")]
    codes = [caution.code for caution in report.warnings]
    assert "conservation" not in codes
    assert "doubled_hour" in codes  # 2 November: the file has 01:00 once
    assert report.head.complete
    assert [judged.row["value"] for judged in report.promises] == [in_15 / 3518, (in_15 + sums["911_20"]) / 3518]


@emergency
def test_a_threshold_that_the_emergency_line_does_not_count():
    calls = cc.read_calls(ALEXANDRIA, mapping="alexandria-911")
    with pytest.raises(UsageError, match="within 10, 15, 20, 40, 60 and 120 s, not within 25 s"):
        cc.service_level(calls, within="25s")


def contacts(folder, *, by, every="all", **period):
    calls = cc.read_calls([str(path) for path in sorted(folder.glob("*.csv"))], mapping="google-fiber")
    return cc.report(calls, by=by, every=every, **period).report.calls


@fiber
@pytest.mark.parametrize("variant", [".", "ddmmyyyy-variant"])
def test_published_repeat_counts(variant):
    folder = FIBER / variant
    january = {
        r["queue"]: r["answered"] for r in contacts(folder, by=("queue",), every="1mo") if r["start"] == "2022-01"
    }
    assert (january["repeat, day 1"], january["repeat, day 7"]) == (1_636, 575)
    whole = {row["queue"]: row["answered"] for row in contacts(folder, by=("queue",))}
    first = whole.pop("first contact")
    assert first == 64_939
    assert len(whole) == 7
    assert round(100 * sum(whole.values()) / first, 2) == 31.17  # of first contacts; of all contacts 23.76
    assert {row["offered"] for row in contacts(folder, by=("queue",))} == {None}


@fiber
def test_the_share_of_sundays_and_the_dimensions():
    days = contacts(FIBER, by=("queue",), every="1d", start="2022-01-01", end="2022-02-01")
    firsts = {row["start"]: row["answered"] for row in days if row["queue"] == "first contact"}
    sundays = sum(firsts[f"2022-01-{day:02}"] for day in (2, 9, 16, 23, 30))
    assert round(100 * sundays / sum(firsts.values()), 2) == 8.71
    kinds = contacts(FIBER, by=("reason", "region", "queue"))
    assert {row["region"] for row in kinds} == {"market_1", "market_2", "market_3"}
    assert {row["reason"] for row in kinds} == {f"type_{n}" for n in range(1, 6)}
