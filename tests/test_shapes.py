"""Promises of shape mean at most and none over on calls, by hand: on the dot, nothing to judge, unknown groups."""

import pytest

from cc_metrics import policy, render, reporting
from cc_metrics.errors import PolicyError
from cc_metrics.render import verdicts
from cc_metrics.store.open import Reading, open_sources

HEAD = "call_id,offered_at,outcome,wait_ms,talk_ms,hold_ms,wrap_ms,queue,channel\n"
ROWS = (
    "1,2024-05-01T09:00:00Z,answered,10000,60000,,30000,sales,voice",
    "2,2024-05-01T10:00:00Z,answered,20000,80000,10000,,sales,voice",
    "3,2024-05-01T11:00:00Z,abandoned,60000,,,,sales,voice",
    "4,2024-05-01T12:00:00Z,answered,3000,50000,,,repair,voice",
    "5,2024-05-01T23:59:59Z,redirected,60001,,,,repair,voice",
)


def judged(tmp_path, promise, rows=ROWS):
    rules = tmp_path / "p.toml"
    rules.write_text(f'name = "p"\ntimezone = "UTC"\n[[promise]]\nname = "it"\n{promise}\n', "utf-8")
    calls = tmp_path / "calls.csv"
    calls.write_text(HEAD + "\n".join(rows) + "\n", "utf-8")
    loaded, request = policy.load(str(rules)), reporting.Request()
    opened = open_sources((calls,), Reading(None, None, loaded, reporting.dimensions(request, loaded)))
    report = reporting.build(opened, loaded, request)
    assert '"schema"' in render.text(report, "json")
    return report.promises[0]


def figures(found):
    row = found.row
    return row["verdict"], row["value"], row["settled"], row["kept"], row["margin"]


@pytest.mark.parametrize(
    ("limit", "verdict"), [("11 seconds", "kept"), ("11000 ms", "kept"), ("10999 ms", "missed"), ("1 minute", "kept")]
)
def test_a_mean_wait_is_over_answered_calls(tmp_path, limit, verdict):
    """(10 + 20 + 3) s / 3 = 11 s."""
    found = judged(tmp_path, f'measure = "mean_wait"\nat_most = "{limit}"')
    assert figures(found) == (verdict, 11.0, 3, None, None)


def test_a_mean_is_told_apart_from_its_limit(tmp_path):
    found = judged(tmp_path, 'measure = "mean_wait"\nat_most = "10999 ms"')
    assert verdicts.figure(found) == ("11.000 s", "3")
    exact = judged(tmp_path, 'measure = "mean_wait"\nat_most = "11 seconds"')
    assert verdicts.figure(exact) == ("11.0 s", "3")
    assert found.row["verdict"] == "missed"


def test_a_mean_handle_time_of_one_queue(tmp_path):
    """Sales: (60 + 30 + 80 + 10) s / 2 = 90 s; what is unrecorded counts nothing."""
    found = judged(tmp_path, 'measure = "mean_handle"\nat_most = "90 s"\nwhere = { queue = "sales" }')
    assert figures(found) == ("kept", 90.0, 2, None, None)
    found = judged(tmp_path, 'measure = "mean_handle"\nat_most = "49 s"\nwhere = { queue = "repair" }')
    assert figures(found) == ("missed", 50.0, 1, None, None)


def test_none_over_counts_every_outcome(tmp_path):
    """60.000 s is in time and 60.001 s late; with "<" both are late."""
    found = judged(tmp_path, 'measure = "longest_wait"\nwithin = "60 seconds"')
    assert figures(found) == ("missed", 0.8, 5, 4, -1)
    assert (verdicts.margin(found), verdicts.target(found.promise)) == (("1", "late"), "promised none over 60 s")
    found = judged(tmp_path, 'measure = "longest_wait"\nwithin = "60 seconds"\nedge = "<"')
    assert figures(found) == ("missed", 0.6, 5, 3, -2)
    found = judged(tmp_path, 'measure = "longest_wait"\nwithin = "61 seconds"')
    assert figures(found) == ("kept", 1.0, 5, 5, 0)
    assert verdicts.margin(found) == ("", "")


def test_of_nothing_there_is_no_verdict(tmp_path):
    for promise in ('measure = "mean_wait"\nat_most = "9 s"', 'measure = "longest_wait"\nwithin = "9 s"'):
        found = judged(tmp_path, f'{promise}\nwhere = {{ channel = "chat" }}')
        assert figures(found)[:3] == ("no_data", None, 0)


def test_calls_of_no_recorded_queue_forbid_a_verdict(tmp_path):
    rows = [*ROWS, *(f"{n},2024-05-01T12:00:00Z,answered,0,1,,,,voice" for n in range(10, 13))]
    for promise in ('measure = "mean_wait"\nat_most = "90 s"', 'measure = "longest_wait"\nwithin = "90 s"'):
        found = judged(tmp_path, f'{promise}\nwhere = {{ queue = "sales" }}', rows)
        assert found.row["verdict"] == "not_judged"
        assert found.note.startswith("queue is not recorded for 37.5 % of the calls")


@pytest.mark.parametrize(
    ("promise", "said"),
    [
        ('measure = "mean_wait"\nlimit = "5 %"', "mean_wait has a mean to stay under, not a limit"),
        ('measure = "mean_wait"', "the promise has no at_most; one that is only stated needs it too"),
        ('measure = "service_level"\nat_most = "9 s"', "service_level has a target to reach, not an at_most"),
        ('measure = "longest_wait"\ntarget = "90 %"', "longest_wait has no bound, everything counts, not a target"),
        ('measure = "mean_wait"\nat_most = "0 s"', "'0 s' is no window"),
    ],
)
def test_a_bound_of_another_shape_is_refused(tmp_path, promise, said):
    rules = tmp_path / "p.toml"
    rules.write_text(f'name = "p"\n[[promise]]\nname = "it"\n{promise}\n', "utf-8")
    with pytest.raises(PolicyError) as error:
        policy.load(str(rules))
    assert said in str(error.value)
