"""The file of calls kept: what it holds and hides, when it is left out, how it is written; which days are kept."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest

from carry_fixture import Runs, days, export, resolved
from cc_metrics.errors import DataError, EngineError
from cc_metrics.measures.carried_days import Joined, Kept, issue_windows, reach
from cc_metrics.measures.coverage import Day
from cc_metrics.model.durations import DAY, HOUR
from cc_metrics.model.promise import Policy, ResolutionTerms
from cc_metrics.store import carry, pseudonyms
from cc_metrics.store.open import Reading, open_sources
from cc_metrics.store.pseudonyms import Pseudonyms

MONDAY = date(2024, 3, 25)
DAY_LONG = Policy("p", resolution=ResolutionTerms(window_ms=24 * HOUR))
NUMBER = "13800138001"


@pytest.fixture(name="files")
def _files(tmp_path):
    return list(days(tmp_path, MONDAY, 4, "UTC", seed=1).items())


def causes(report):
    return [warning.text for warning in report.warnings if warning.code == "carry_over"]


def test_what_is_kept_names_nobody(tmp_path):
    """No number, no agent, no id that a number went into; the secret is nowhere but in its own file."""
    at = 1_711_353_600
    row = (f"{NUMBER}-1", at, "answered", 5, 60_000, "q1", "vip", "bill", NUMBER, "agent-7", "true")
    nameless = [
        ("2", at, "answered", 0, 0, "q1", "vip", "bill", "", "", ""),
        ("3", at, "abandoned", 0, 0, "", "", "", "", "", ""),
    ]
    runs = Runs(tmp_path, DAY_LONG)
    runs.by = ("agent_id", "reason")
    runs.report([export(tmp_path / "calls.csv", [row, *nameless])], "2024-03-25")
    table = pq.read_table(runs.kept)
    secret = (tmp_path / "secret").read_bytes()
    text = str(table.to_pylist()) + str(table.schema.metadata) + runs.kept.read_bytes().decode("latin-1")
    assert not [word for word in (NUMBER, "agent-7", secret.decode("latin-1"), secret.hex()) if word in text]
    assert table.column_names == [
        *("offered_ms", "length_ms", "answered", "transferred", "place", "call", "k0"),
        *("by.direction", "by.channel", "by.queue", "by.tier", "by.reason"),
    ]
    first, second = table.to_pylist()  # of those without a customer only answered ones count for anything
    assert first["k0"].hex() == Pseudonyms(secret).of(NUMBER)
    assert (first["offered_ms"], first["length_ms"], first["answered"], first["transferred"]) == (
        at * 1000,
        60_005,
        True,
        True,
    )
    assert (second["k0"], second["place"]) == (None, 2)


def test_the_secret_and_the_file_are_for_this_account_alone(tmp_path, files):
    runs = Runs(tmp_path, DAY_LONG)
    os.umask(os.umask(0o022))
    for day, file in files[:2]:
        runs.report([file], day)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("secret", "carry.parquet")] == [0o600, 0o600]
    assert len((tmp_path / "secret").read_bytes()) == 32
    assert pseudonyms.made(tmp_path / "secret") == pseudonyms.made(tmp_path / "secret")
    assert pseudonyms.made(tmp_path / "other") != pseudonyms.made(tmp_path / "secret")


@pytest.mark.parametrize("left", [b"", b"short", b"s" * 33])
def test_a_secret_of_another_length_is_made_anew(tmp_path, left):
    (tmp_path / "secret").write_bytes(left)
    made = pseudonyms.made(tmp_path / "secret")
    assert made.secret == (tmp_path / "secret").read_bytes()
    assert len(made.secret) == 32
    assert made.secret != left


def test_a_secret_that_cannot_be_read_is_left_alone(tmp_path):
    (tmp_path / "secret").mkdir()
    with pytest.raises(DataError, match="the secret cannot be read"):
        pseudonyms.made(tmp_path / "secret")


def test_same_calls_same_bytes(tmp_path, files):
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "secret").write_bytes(b"s" * 32)
        runs = Runs(tmp_path / name, DAY_LONG)
        for day, file in files:
            runs.report([file], day)
        written.append(runs.kept.read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda runs: (runs.folder / "secret").unlink(), "they were kept with another secret"),
        (
            lambda runs: setattr(runs, "pseudonyms", Pseudonyms(b"s" * 16)),
            "their customers had other pseudonyms, or none",
        ),
        (lambda runs: setattr(runs, "zone", "Asia/Tokyo"), "for another reporting zone or other open hours"),
        (lambda runs: setattr(runs, "by", ("reason",)), "reason was not kept with them"),
        (lambda runs: setattr(runs, "by", ("agent_id",)), "agent_id was not kept with them"),
        (lambda runs: runs.now(key=("customer_id", "reason")), r"customer_id + reason was not kept with them"),
    ],
    ids=["secret", "pseudonyms", "zone", "column", "agents", "key"],
)
def test_what_does_not_fit_is_left_out_and_said(tmp_path, files, change, cause):
    """The report is that of the day alone, and the next one has the day that was kept anew."""
    runs = Runs(tmp_path, DAY_LONG)
    for day, file in files[:2]:
        runs.report([file], day)
    change(runs)
    day, file = files[2]
    one = runs.report([file], day)
    [text] = causes(one)
    assert cause in text
    assert resolved(one) == resolved(runs.report([file], day, alone=True))
    day, file = files[3]
    again = runs.report([file], day)
    if runs.by != ("agent_id",):  # which is never kept
        assert not causes(again)
        assert resolved(again) == resolved(runs.report([files[2][1], file], day, alone=True))


@pytest.mark.parametrize("text", [b"", b"PAR1 and no more", b"call_id,offered_at\n"], ids=["empty", "cut", "other"])
def test_a_damaged_file_is_an_error(tmp_path, files, text):
    runs = Runs(tmp_path, DAY_LONG)
    runs.kept.write_bytes(text)
    with pytest.raises(DataError, match=r"carry\.parquet: this file of earlier calls is damaged, or none"):
        runs.report([files[0][1]], files[0][0])
    assert runs.kept.read_bytes() == text


def test_a_later_schema_is_an_error(tmp_path, files):
    runs = Runs(tmp_path, DAY_LONG)
    runs.report([files[0][1]], files[0][0])
    table = pq.read_table(runs.kept)
    about = table.schema.metadata[b"cc_metrics"].replace(b"carry-over/1", b"carry-over/2")
    pq.write_table(table.replace_schema_metadata({"cc_metrics": about}), runs.kept)
    with pytest.raises(DataError, match="has schema 'cc-metrics/carry-over/2', this version reads"):
        runs.report([files[1][1]], files[1][0])


def test_a_longer_window_is_honest_until_its_days_are_kept(tmp_path):
    """Kept for a window of an hour, asked for one of four days: the days not kept whole are in no figure, and said."""
    named = list(days(tmp_path, MONDAY, 14, "UTC", seed=3, customers=400).items())
    runs = Runs(tmp_path, replace(DAY_LONG, resolution=ResolutionTerms(window_ms=HOUR)))
    for day, file in named[:7]:
        runs.report([file], day)
    runs.now(window_ms=4 * DAY, unit="issue")
    known, told = [], []
    for place, (day, file) in enumerate(named[7:], 7):
        one = runs.report([file], day)
        told += [note for note in one.notes if "kept whole" in note]
        known.append(bool(one.latest))
        if place == 13:
            whole = runs.report([path for _, path in named[2 : place + 1]], day, alone=True)
            assert resolved(one) == resolved(whole), "as if the calls of the days not kept had never been"
    assert (
        told[0]
        == "the calls of 2024-03-25 to 2024-03-26 were not kept whole: first-call resolution does not judge them"
    )
    assert known == [False, False, False, True, True, True, True]


def test_summaries_leave_it_as_it_is(tmp_path, files):
    from cc_metrics.store import summary_file

    runs = Runs(tmp_path, DAY_LONG)
    runs.report([files[0][1]], files[0][0])
    opened = open_sources((files[1][1],), Reading(None, "UTC", DAY_LONG))
    summary_file.save(opened, tmp_path / "day.parquet", DAY_LONG, "1")
    opened.close()
    before = runs.kept.read_bytes()
    report = runs.report([tmp_path / "day.parquet"], files[1][0])
    assert not report.first_call_resolution
    assert runs.kept.read_bytes() == before


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path, files, monkeypatch):
    runs = Runs(tmp_path, DAY_LONG)
    runs.report([files[0][1]], files[0][0])
    before = runs.kept.read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EngineError, match="No space left"):
        runs.report([files[1][1]], files[1][0])
    monkeypatch.undo()
    assert runs.kept.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    whole = runs.report([files[0][1], files[1][1]], files[1][0], alone=True)
    assert resolved(runs.report([files[1][1]], files[1][0])) == resolved(whole)


def test_without_a_file_nothing_is_known_beside(tmp_path, files):
    opened = open_sources((files[0][1],), Reading(None, "UTC", DAY_LONG))
    carry.use(opened, DAY_LONG, tmp_path / "carry.parquet", Pseudonyms(b"s" * 32))
    assert opened.carried is None
    assert opened.observed() is opened.days()
    opened.close()


def some(*numbers, rows=100):
    return [Day(MONDAY + timedelta(days=n), rows, n, n) for n in numbers]


def dates(*numbers):
    return frozenset(MONDAY + timedelta(days=n) for n in numbers)


CALL, ISSUE = ResolutionTerms(window_ms=DAY), ResolutionTerms(window_ms=2 * DAY, unit="issue")


def day(number):
    return MONDAY + timedelta(days=number)


def test_which_days_are_held():
    """A window of a day reaches four days back: over a midnight, a short day, a day not covered."""
    assert (reach([CALL]), reach([CALL, ISSUE]), issue_windows([CALL, ISSUE])) == (4, 5, {("customer_id",): 2 * DAY})
    kept = Joined(Kept(), some(0)).after([CALL])
    assert (kept.held, kept.since) == (dates(0), MONDAY)
    for number in range(1, 8):
        kept = Joined(kept, some(number)).after([CALL])
    assert (kept.held, kept.since, len(kept.days)) == (dates(3, 4, 5, 6, 7), MONDAY, 8)
    week = Joined(kept, some(8, 9, 10, 11, 12, 13, 14)).after([CALL])
    assert week.held == dates(4, 5, 6, 7, 10, 11, 12, 13, 14), "the days before it, should it be given again"
    assert Joined(week, some(15)).whole_from(day(15)) == day(10)


def test_a_day_given_again_takes_the_place_of_what_was_kept():
    kept = Kept(tuple(some(0, 1)), dates(0, 1), MONDAY)
    strays = some(1, 2, rows=30)
    assert [one.rows for one in Joined(kept, strays).days()] == [100, 100, 30]
    assert [one.rows for one in Joined(kept, strays, dates(1)).days()] == [100, 30, 30]


def test_strays_of_a_day_that_is_not_held_do_not_make_it_whole():
    kept = Kept(tuple(some(0, 1)), dates(0), MONDAY)
    given = [*some(1, rows=3), *some(2)]
    assert Joined(kept, given).whole_from(day(2)) == day(2)
    assert Joined(kept, given, dates(1)).whole_from(day(2)) == day(0)


def test_a_call_with_a_date_to_come_pushes_no_day_out():
    kept = Joined(Kept(tuple(some(0, 1, 2)), dates(0, 1, 2), MONDAY), [*some(3, rows=101), *some(12, rows=1)]).after(
        [CALL]
    )
    assert kept.held == dates(0, 1, 2, 3, 12)
    kept = Joined(kept, some(4)).after([CALL])
    assert kept.held == dates(0, 1, 2, 3, 4, 12)
    assert Joined(kept, some(5)).whole_from(day(5)) == MONDAY
    full = Joined(kept, some(12, rows=2), dates(12)).after([CALL])
    assert full.held == dates(12), "two of a hundred are enough for a last day"


def test_issues_of_longer_windows_are_known_anew():
    kept = Kept()
    for number in range(9):
        kept = Joined(kept, some(number)).after([CALL, ISSUE])
    joined, longer = Joined(kept, some(9)), replace(ISSUE, window_ms=3 * DAY)
    assert joined.known_from([ISSUE], day(9)) == MONDAY
    assert joined.known_from([longer], day(9)) == day(3)
    assert joined.after([longer]).since == day(3)


def test_days_are_remembered_for_two_months():
    kept = Kept()
    for number in range(0, 100, 3):
        kept = Joined(kept, some(number)).after([CALL])
    assert (kept.days[0].day, kept.since) == (day(33), day(33))  # 66 days before the last
