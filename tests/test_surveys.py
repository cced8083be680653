"""Promises on answers by hand: who answered, who was satisfied, from which score on, before and after a day."""

import random
from fractions import Fraction

import pytest

from cc_metrics.measures import samples
from cc_metrics.reporting import Span
from promise_fixture import CASES, SURVEY, figures, judged, reported

JUNE = "2024-06-{:02} 10:00:00"
THIRD = JUNE.format(3)
SATISFIED = 'measure = "satisfied"\ntarget = "90 %"'


def survey(*answers, at=THIRD, channel="phone", segment="home"):
    """Rows of a survey: (satisfied, score) each."""
    return [(at, channel, segment, flag, score) for flag, score in answers]


YES, NO, SILENT = ("yes", None), ("no", None), (None, None)


def test_all_who_were_asked_answered(tmp_path):
    """45 of 50 are 90 % on the dot: a census is arithmetic, and no interval enters it."""
    found = judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 45, *[NO] * 5)))
    assert figures(found) == ("kept", 45, 50)
    row = found.row
    assert (row["basis"], row["margin"], row["low"], row["interval"]) == ("census", 0, None, None)
    assert found.beside == ("answered 50 of 50 asked (100.0 %)",)
    assert figures(judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 44, *[NO] * 6)))) == ("missed", 44, 50)


def test_one_who_did_not_answer_makes_it_a_sample(tmp_path):
    """The same 90 % of 50: Wilson's interval of 45 of 50 holds the target."""
    found = judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 45, *[NO] * 5, SILENT)))
    assert figures(found) == ("undecided", 45, 50)
    assert (found.row["low"], found.row["high"]) == samples.wilson(45, 50)
    assert (found.row["basis"], found.row["interval"], found.row["margin"]) == ("sample", "wilson", None)
    assert found.beside == ("answered 50 of 51 asked (98.0 %)",)
    assert figures(judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 99, NO, SILENT))))[0] == "kept"
    assert figures(judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 50, *[NO] * 50, SILENT))))[0] == "missed"


def test_below_thirty_answers_there_is_no_verdict_but_the_counts(tmp_path):
    found = judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 29, SILENT)))
    assert figures(found) == ("not_judged", 29, 29)
    assert found.note == "only 29 answered: no verdict below 30"
    assert figures(judged(tmp_path, SATISFIED, (SURVEY, survey(*[YES] * 60, SILENT))))[0] == "kept"


def test_nobody_asked_and_nobody_answered(tmp_path):
    silent = judged(tmp_path, SATISFIED, (SURVEY, survey(SILENT, SILENT)))
    assert (*figures(silent), silent.row["value"]) == ("no_data", 0, 0, None)
    assert silent.beside == ("answered 0 of 2 asked (0.0 %)",)
    where = f'{SATISFIED}\nwhere = {{ channel = "web" }}'
    other = judged(tmp_path, where, (SURVEY, survey(YES)))
    assert (*figures(other), other.note) == ("no_data", 0, 0, "nobody was asked")


def test_two_groups_and_one_that_is_not_recorded(tmp_path):
    """Of the phone's 40 answers 36, of the web's 10 none; a fifth of all asked bears no channel at most."""
    rows = [*survey(*[YES] * 36, *[NO] * 4), *survey(*[NO] * 10, channel="web")]
    where = f'{SATISFIED}\nwhere = {{ channel = "phone" }}'
    assert figures(judged(tmp_path, where, (SURVEY, rows))) == ("kept", 36, 40)
    unknown = survey(*[YES] * 13, channel="")
    found = judged(tmp_path, where, (SURVEY, [*rows, *unknown]))
    assert figures(found) == ("not_judged", 36, 40)
    assert found.note == "channel is not recorded for 20.6 % of the answers"
    assert found.row["bounds"] == [36 / 40, 49 / 53]
    few = survey(YES, YES, YES, channel="")  # 5.7 % of 53, 32 points from the others
    assert figures(judged(tmp_path, where, (SURVEY, [*rows, *few])))[0] == "not_judged"
    assert figures(judged(tmp_path, where, (SURVEY, [*rows, *few[:2]])))[0] == "kept"


SCORED = [(None, "80"), (None, "79.99"), (None, "100"), ("no", "95"), ("yes", "10"), (None, None)]


def test_a_score_from_the_lowest_on_is_satisfied_where_no_flag_says(tmp_path):
    """80 on the dot is satisfied, 79.99 is not; of two with a flag the flag holds."""
    found = judged(tmp_path, f"{SATISFIED}\nsatisfied_from = 80", (SURVEY, survey(*SCORED)))
    assert (found.row["kept"], found.row["settled"]) == (3, 5)
    assert found.beside == ("answered 5 of 6 asked (83.3 %)",)


def test_scores_without_a_lowest_are_refused_by_name(tmp_path):
    some = judged(tmp_path, SATISFIED, (SURVEY, survey(*SCORED)))
    assert figures(some) == ("not_judged", 1, 2)
    assert some.note == "3 of 5 answers are scores, and no satisfied_from says which are satisfied"
    only = judged(tmp_path, SATISFIED, ("asked_at,score", [(THIRD, 90)] * 40))
    assert only.note == "the answers are scores, and no satisfied_from says which are satisfied"
    assert only.row["verdict"] == "not_judged"


def test_a_score_that_is_no_finite_number_is_no_answer(tmp_path):
    found = judged(
        tmp_path, 'measure = "score"\nat_least = 90', (SURVEY, survey((None, "nan"), (None, "inf"), (None, 90)))
    )
    assert (found.row["settled"], found.row["value"], found.row["basis"]) == (1, 90.0, "sample")


def test_the_period_is_local(tmp_path):
    """Berlin's 31 March 2024 has 23 hours: from 23:00Z on the 30th to before 22:00Z on the 31st."""
    edges = ["2024-03-30T22:59:59Z", "2024-03-30T23:00:00Z", "2024-03-31T21:59:59Z", "2024-03-31T22:00:00Z"]
    rows = [(at, "phone", "home", flag, None) for at, flag in zip(edges, ("no", "yes", "no", "no"), strict=True)]
    found = judged(tmp_path, SATISFIED, (SURVEY, rows), span=Span(date="2024-03-31"))
    assert figures(found) == ("missed", 1, 2)


def case(number, resolved, asked_first="", satisfied_first="", kind="repair", final=("", "")):
    return (number, JUNE.format(1), resolved, kind, asked_first, satisfied_first, *final)


def test_the_flags_of_cases_closed_in_the_period(tmp_path):
    """Closed on the 4th: four; asked three (of one only the answer is known), answered two."""
    on, other = JUNE.format(4), JUNE.format(5)
    rows = [
        case(1, on, "yes", "yes", final=("yes", "yes")),
        case(2, on, "", "no"),
        case(3, on, "yes"),
        case(4, on, "no"),
        case(5, other, "yes", "yes"),
        case(6, "", "yes", "yes"),
    ]
    promises = [f'{SATISFIED}\nasked = "first"', f'{SATISFIED}\nasked = "final"']
    first, final = reported(tmp_path, promises, (CASES, rows), span=Span(date="2024-06-04")).promises
    assert (first.row["kept"], first.row["settled"], first.row["basis"]) == (1, 2, "sample")
    assert first.beside == ("answered 2 of 3 asked (66.7 %)", "asked 3 of 4 closed (75.0 %)")
    assert (*figures(final), final.row["basis"]) == ("kept", 1, 1, "census")
    assert final.beside == ("answered 1 of 1 asked (100.0 %)", "asked 1 of 4 closed (25.0 %)")


def test_cases_that_do_not_tell_who_was_asked_or_satisfied(tmp_path):
    first = f'{SATISFIED}\nasked = "first"'
    rows = [case(n, JUNE.format(4), "", "yes") for n in range(40)]
    untold = judged(tmp_path, first, (CASES, rows))
    assert (*figures(untold), untold.row["basis"]) == ("kept", 40, 40, "sample")
    assert untold.beside == ("who was asked is not recorded",)
    none = judged(tmp_path, first, (CASES, [case(n, JUNE.format(4), "yes") for n in range(40)]))
    assert (*figures(none), none.note) == ("not_judged", 0, 0, "the source records no satisfied_first")


def test_before_and_after_a_day(tmp_path):
    """87 of 100 before 3 June, 199 of 200 from it on: + 12.5 points."""
    rows = survey(*[YES] * 87, *[NO] * 13, at="2024-06-02 23:59:59")
    rows += survey(*[YES] * 199, NO, at="2024-06-03 00:00:00")
    found = judged(tmp_path, 'measure = "satisfied"\ntarget = "99.5 %"\nsince = 2024-06-03', (SURVEY, rows))
    assert figures(found) == ("kept", 199, 200)
    low, high = samples.newcombe(87, 100, 199, 200)
    assert found.beside[-1] == (
        f"before 3 Jun 2024: 87.0 % of 100; +12.5 points (95 %: {100 * low:+.1f} to {100 * high:+.1f})"
    )


@pytest.mark.parametrize("seed", range(4))
def test_satisfied_against_plain_python(tmp_path, seed):
    chance = random.Random(seed)
    rows = [
        (
            JUNE.format(chance.randint(1, 6)),
            chance.choice(("phone", "web", None)),
            chance.choice(("home", "firm")),
            chance.choice(("yes", "no", None, None)),
            chance.choice((None, None, 79.9, 80, 80.1, 100)),
        )
        for _ in range(400)
    ]
    promise = f'{SATISFIED}\nsatisfied_from = 80\nwhere = {{ segment = "firm" }}'
    found = judged(tmp_path, promise, (SURVEY, rows), span=Span(start="2024-06-02", end="2024-06-05"))
    asked = [r for r in rows if "2024-06-02" <= r[0] < "2024-06-05" and r[2] == "firm"]
    answered = [r for r in asked if r[3] is not None or r[4] is not None]
    kept = sum(r[3] == "yes" if r[3] is not None else r[4] >= 80 for r in answered)
    assert (found.row["kept"], found.row["settled"]) == (kept, len(answered))
    assert found.row["value"] == float(Fraction(kept, len(answered)))
    assert found.beside[0].startswith(f"answered {len(answered)} of {len(asked)} asked")
