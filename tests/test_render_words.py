"""The wording of numbers, names and verdicts (METRICS.md 4)."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

import report_fixture as made
from cc_metrics.model.columns import Column
from cc_metrics.model.promise import Policy, Promise, ResolutionTerms, ServiceTerms
from cc_metrics.render import naming, verdicts, words


@pytest.mark.parametrize(
    ("value", "target", "fixed", "shown"),
    [
        pytest.param(0.914, "0.9", None, "91.4 %", id="one decimal is enough"),
        pytest.param(0.9947, "0.995", None, "99.47 %", id="one would read as the target"),
        pytest.param(0.99499, "0.995", None, "99.499 %", id="two would read as the target"),
        pytest.param(0.995, "0.995", None, "99.5 %", id="on the dot"),
        pytest.param(0.9947, "0.995", 1, "99.5 %", id="the promise's decimals win"),
        pytest.param(0.79999, "0.8", None, "79.999 %", id="missed never reads as reached"),
        pytest.param(0.80001, "0.8", None, "80.001 %", id="kept never reads as the target"),
        pytest.param(0.99996, "1", None, "99.996 %", id="all but one is not all"),
        pytest.param(None, "0.8", None, "n/a", id="unknown"),
    ],
)
def test_value_and_target_are_told_apart(value: float | None, target: str, fixed: int | None, shown: str) -> None:
    decimals = words.apart(value, Fraction(target), fixed)
    assert words.percent(value, decimals, none="n/a") == shown


@pytest.mark.parametrize(
    ("target", "shape", "kind", "when", "said"),
    [
        ("0.9", "share_within", "promised", "", "promised 90 %"),
        ("0.995", "share_within", "reached", "2013", "reached 2013: 99.5 %"),
        ("0.05", "rate_at_most", "promised", "2013", "promised 2013: at most 5 %"),
        ("0.8", "rate_at_least", "stated", "", "80 %"),
    ],
)
def test_a_target_says_whose_it_is(target: str, shape: Any, kind: Any, when: str, said: str) -> None:
    promise = Promise("p", "service_level", shape, Fraction(target), kind=kind, when=when)
    assert verdicts.target(promise) == said


@pytest.mark.parametrize(
    ("promise", "items", "said"),
    [
        (made.VIP, 32, ("32", "to spare")),
        (made.VIP, 0, ("0", "to spare")),
        (made.VIP, -12_436, ("12,436", "short")),
        (made.AT_MOST, -5, ("5", "over")),
        (made.VIP, None, ("", "")),
    ],
)
def test_margins_are_items(promise: Promise, items: int | None, said: tuple[str, str]) -> None:
    assert verdicts.margin(made.judged(promise, 100, 90, "kept", items)) == said


@pytest.mark.parametrize(
    ("settled", "weighs"),
    [(0, []), (1, ["one call weighs 100.0 points"]), (23, ["one call weighs 4.3 points"]), (30, [])],
)
def test_under_thirty_items_one_has_a_weight(settled: int, weighs: list[str]) -> None:
    assert verdicts.details(made.judged(made.VIP, settled, settled, "kept", 0), made.POLICY) == weighs


def test_a_note_that_gives_the_weight_is_not_repeated() -> None:
    judged = made.judged(made.VIP, 10, 10, "kept", 1, note="one call weighs 10 points")
    assert verdicts.details(judged, made.POLICY) == ["one call weighs 10 points"]


@pytest.mark.parametrize(
    ("promise", "outlook", "ends"),
    [
        (made.ALL, "too_close", "too close to 80 % to say that this staffing keeps it (approximate, 62 days)"),
        (made.ALL, "above", "above 80 %, this staffing keeps it (approximate, 62 days)"),
        (made.ALL, "below", "below 80 %, this staffing does not keep it (approximate, 62 days)"),
        (made.AT_MOST, "above", "above 5 %, this staffing does not keep it (approximate, 62 days)"),
    ],
)
def test_the_outlook_speaks_of_days_like_these(promise: Promise, outlook: str, ends: str) -> None:
    judged = made.judged(promise, 48_953, 39_879, "kept", 716, **(made.OUTLOOK | {"outlook": outlook}))
    [said] = verdicts.details(judged, made.POLICY)
    assert said == f"Days like these put the usual level at 77.1 to 82.9 %: {ends}"


def test_an_outlook_on_customers_says_so() -> None:
    more = made.OUTLOOK | {"low": 0.8796, "high": 0.9012, "interval": "customers", "clusters": 8_120}
    [said] = verdicts.details(made.judged(made.FCR, 19_870, 17_724, "kept", 238, **more), made.POLICY)
    assert said == (
        "Customers like these put the usual level at 87.96 to 90.12 %: "
        "too close to 88 % to say that this service keeps it (approximate, 8,120 customers)"
    )


def test_bounds_stand_beside_a_promise_not_judged() -> None:
    judged = made.judged(made.GOLD, 4_310, 1_410, "not_judged", None, bounds=(0.1609, 0.7031))
    assert verdicts.details(judged, made.POLICY) == ["between 16.1 and 70.3 % whatever the unrecorded calls were"]


@pytest.mark.parametrize(
    ("verdict", "word"),
    [
        ("kept", "KEPT"),
        ("missed", "MISSED"),
        ("no_data", "NO DATA"),
        ("not_judged", "NOT JUDGED"),
        ("undecided", "UNDECIDED"),
        (None, "stated"),
    ],
)
def test_verdicts_are_words(verdict: str | None, word: str) -> None:
    assert verdicts.verdict(made.judged(made.VIP, 1, 1, verdict, None)) == word


@pytest.mark.parametrize(
    ("promise", "name"),
    [
        (made.VIP, "VIP in 20 s"),
        (made.ORDINARY, "Ordinary in 20 s"),
        (made.ALL, "Calls in 20 s"),
        (made.GOLD, "Gold+白金 in 20 s"),
        (replace(made.VIP, where={"tier": ("vip",), "channel": ("chat",)}), "Chat VIP in 20 s"),
        (replace(made.ALL, service=ServiceTerms(within_ms=60_000, edge="<")), "Calls under 60 s"),
        (made.FCR, "FCR 24 h"),
        (replace(made.FCR, where={"tier": ("vip",)}, resolution=ResolutionTerms()), "VIP FCR 7 d"),
        (made.ON_TARGET, "Half-hours on target"),
        (made.STATED, "Abandoned"),
        (replace(made.STATED, where={"tier": ("vip",)}), "VIP abandoned"),
        (replace(made.STATED, measure="repeat_calls"), "Repeat calls 7 d"),
        (replace(made.STATED, measure="repeat_calls", where={"tier": ("vip",)}), "VIP repeat calls 7 d"),
        (replace(made.STATED, measure="something new"), "Calls abandoned"),
    ],
)
def test_short_names(promise: Promise, name: str) -> None:
    assert naming.short_name(promise) == name


def test_promises_that_would_share_a_name_keep_their_own() -> None:
    by_issue = replace(made.FCR, name="FCR by issue", resolution=replace(made.FCR.resolution, unit="issue"))
    judged = [made.judged(p, 1, 1, "kept", 0, days="19 Aug") for p in (made.FCR, by_issue)]
    assert naming.names(judged) == ["Questions solved at the first call of 19 Aug", "FCR by issue of 19 Aug"]
    assert verdicts.details(judged[1], made.POLICY) == ["by issue", "one issue weighs 100.0 points"]


def test_terms_of_its_own_stand_below_a_promise() -> None:
    own = replace(made.VIP, service=ServiceTerms(formula="short_abandons_count", edge="<", redirected="out"))
    [said] = verdicts.details(made.judged(own, 100, 95, "kept", 5), Policy("default"))
    assert said == "short_abandons_count, short up to 5 s, wait < 20 s, redirects left out"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a\tb\r\nc", "a b c"),
        ("\x1b]0;title\x07", "�]0;title�"),
        ("\u202egnp.exe\u202c", "�gnp.exe�"),
        ("\x9b31m", "�31m"),
        ("caf\udce9", "caf�"),
        ("👨\u200d👩\ufe0f", "👨👩"),
        ("客户", "客户"),
    ],
)
def test_nothing_from_data_steers_the_terminal(raw: str, shown: str) -> None:
    assert words.plain(raw) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2013-08-20T07:00:01.250+08:00", "20 Aug 2013 07:00:01"),
        ("2013-08-20", "20 Aug 2013"),
        ("2013-W34", "2013-W34"),
        ("2013-08", "2013-08"),
        (None, "n/a"),
    ],
)
def test_moments(text: str | None, shown: str) -> None:
    assert words.moment(text) == shown


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("seconds", [4.25, 59.9, None], ["4.2 s", "59.9 s", "-"]),
        ("seconds", [4.25, 67], ["0:04", "1:07"]),
        ("share", [0.5, None, 0.0], ["50.0 %", "-", "0.0 %"]),
        ("count", [0, None, 1_234_567], ["0", "-", "1,234,567"]),
        ("moment", ["2013-08-20", None], ["20 Aug 2013", "-"]),
        ("text", ["call", None, ""], ["call", "not recorded", '""']),
    ],
)
def test_cells_of_a_column_share_one_form(kind: Any, values: list[Any], shown: list[str]) -> None:
    assert words.cells(Column("c", "c", kind, "c"), values) == shown
