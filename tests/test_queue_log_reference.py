"""Random logs of queue events, cut into files, against a plain reading line by line; figures that others published."""

from itertools import pairwise
from random import Random

import pytest

import cc_metrics as cc
from cc_metrics.model.promise import Policy, ServiceTerms
from made import plain

START = 1_767_600_000
LONG = 86_400
ENDS = {"COMPLETEAGENT": 0, "COMPLETECALLER": 0, "BLINDTRANSFER": 2, "ATTENDEDTRANSFER": -3}
LEFT = {"ABANDON": 2, "EXITWITHTIMEOUT": 2, "EXITEMPTY": 2, "EXITWITHKEY": 3, "WITHDRAW": 2}


def plain_fold(log):
    """The calls of a log in time order, by id, and how many of its lines went where else."""
    open_now, passages, numbers, fate = {}, [], {}, {}
    first, last = (int(line.split("|")[0]) for line in (log[0], log[-1]))
    for line in log:
        at, call, queue, member, event, *given = line.split("|")
        if event in ("RINGNOANSWER", "PAUSE"):
            fate[event] = fate.get(event, 0) + 1
            continue
        one = open_now.get((call, queue))
        if event == "ENTERQUEUE" or one is None:
            one = {"call": call, "queue": queue, "events": [], "left": False, "done": False, "lost": []}
            passages.append(one)
            open_now[call, queue] = one
        elif one["left"] or (one["done"] and event not in ENDS):
            one["lost"].append((int(at), event, member, given))
            continue
        one["events"].append((int(at), event, member, given))
        one["left"] |= event in LEFT
        one["done"] |= event in ENDS
    calls = {}
    for one in [*passages, *({**one, "events": one["lost"]} for one in passages if one["lost"])]:
        key, lines = (one["call"], one["queue"]), len(one["events"])
        if one["events"][0][1] != "ENTERQUEUE":
            reckoned = min(at - sum(counted(event, given)) for at, event, _, given in one["events"])
            word = "entered before the log begins" if reckoned <= first + 2 else "refused"
        else:
            numbers[key] = number = numbers.get(key, 0) + 1
            told = plain_call(one["events"])
            if told:
                calls["|".join(key) + (f"|{number}" if number > 1 else "")] = told
                continue
            word = "still open at the end of the log" if one["events"][0][0] >= last - LONG else "refused"
        fate[word] = fate.get(word, 0) + lines
    return calls, fate


def plain_call(events):
    """(entered, outcome, wait, talk, transferred, agent, caller) of one passage; None where nothing decides it."""
    (entered, _, _, given), *rest = events
    deciding = [event for event in rest if event[1] == "CONNECT" or event[1] in ENDS or event[1] in LEFT]
    if not deciding:
        return None
    caller = given[1] or None
    _, event, member, found = deciding[0]
    if event in LEFT:
        outcome = "abandoned" if event == "ABANDON" else "redirected"
        return entered, outcome, counted(event, found)[0], None, None, None, caller
    ends = [one for one in deciding if one[1] in ENDS]
    talk = counted(ends[0][1], ends[0][3])[1] if ends else None
    moved = any(one[1].endswith("TRANSFER") for one in ends) if ends else None
    return entered, "answered", counted(event, found)[0], talk, moved, member, caller


def counted(event, given):
    """(wait, talk) in seconds among the arguments of an event."""
    if event == "CONNECT":
        return int(given[0]), 0
    if event in LEFT:
        return int(given[LEFT[event]]), 0
    if event in ENDS:
        place = ENDS[event]
        return int(given[place]), int(given[place + 1])
    return 0, 0


def random_log(draw, calls):
    """Lines of calls that pass through one queue or several, in time order; some begin or end outside of the log."""
    events = []
    for number in range(calls):
        at, call = draw.randrange(200_000), f"{number}.{draw.randrange(9)}"
        for _ in range(draw.choice((1, 1, 1, 2, 3))):
            at = passage(draw, events, at, call)
    events.sort(key=lambda event: event[0])
    log = [f"{START + at}|{call}|{queue}|{member}|{event}" for at, call, queue, member, event in events]
    return [line for line in log if draw.random() > 0.03][draw.randrange(30) :]


def passage(draw, events, at, call):
    queue, wait, talk = draw.choice("qrs"), draw.choice((0, 1, 5, 30)), draw.choice((0, 3, 200))
    events.append((at, call, queue, "NONE", f"ENTERQUEUE||{draw.choice(('', '555', '556'))}|1"))
    if draw.random() < 0.4:
        events.append((at + wait, call, queue, "m1", f"RINGNOANSWER|{wait * 1000}"))
    left = {
        "ABANDON": f"1|1|{wait}",
        "EXITWITHTIMEOUT": f"1|1|{wait}",
        "EXITEMPTY": f"1|1|{wait}",
        "EXITWITHKEY": f"2|1|1|{wait}",
        "WITHDRAW": f"1|1|{wait}|x",
    }
    ended = {
        "COMPLETEAGENT": f"{wait}|{talk}|1",
        "COMPLETECALLER": f"{wait}|{talk}|1",
        "BLINDTRANSFER": f"200|default|{wait}|{talk}|1",
        "ATTENDEDTRANSFER": f"{draw.choice(('BRIDGE|x', 'LINK|x|y', 'APP|v'))}|{wait}|{talk}|1",
    }
    if draw.random() < 0.4:
        event = draw.choice(list(left))
        events.append((at + wait, call, queue, "NONE", f"{event}|{left[event]}"))
        return at + wait + draw.randrange(3)
    member, event = draw.choice(("m1", "m2")), draw.choice(list(ended))
    events.append((at + wait, call, queue, member, f"CONNECT|{wait}|x|2"))
    events.append((at + wait + talk, call, queue, member, f"{event}|{ended[event]}"))
    if draw.random() < 0.1:
        events.append((at + wait, "NONE", queue, member, "PAUSE|lunch"))
    return at + wait + talk + draw.randrange(3)


@pytest.mark.parametrize("seed", range(6))
def test_folding_equals_a_plain_reading(tmp_path, seed):
    draw = Random(seed)
    log = list(dict.fromkeys(random_log(draw, 400)))  # a line twice is a duplicate
    expected, fate = plain_fold(log)
    cuts = sorted(draw.sample(range(1, len(log)), 3))
    paths = []
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(log)], strict=True)):
        paths.append(tmp_path / f"{number}.txt")
        paths[-1].write_text("\n".join(log[start:end]) + "\n")
    draw.shuffle(paths)
    calls = cc.read_calls(list(map(str, paths)), mapping="queue-log", tz="UTC", max_rejected=1)
    columns = (
        "call_id, offered_ms // 1000, outcome, wait_ms // 1000, talk_ms // 1000, transferred, agent_id, customer_id"
    )
    found = calls.open(Policy("p")).engine.rows(f"SELECT {columns} FROM accepted")
    got = {name: (at - START, *rest) for name, at, *rest in found}
    assert got == {name: (at - START, *rest) for name, (at, *rest) in expected.items()}
    account = calls.accounting
    assert account.balanced
    assert (account.read, account.calls) == (len(log), len(expected))
    told = {**account.ignored, "refused": sum(account.rejected.values())}
    assert {word: lines for word, lines in told.items() if lines} == fate


@pytest.fixture
def level(tmp_path):
    """The rows of a service level from lines (second, call, event and arguments) of one queue."""

    def made(*events, within="20s", **options):
        lines = [f"{START + at}|{call}|q|NONE|{event}\n" for at, call, event in events]
        (tmp_path / "queue_log.txt").write_text("".join(lines))
        calls = cc.read_calls(tmp_path / "queue_log.txt", mapping="queue-log", tz="UTC")
        assert calls.accounting.balanced
        return plain(cc.service_level(calls, within=within, **options)), calls.accounting

    return made


def test_omnileads_inbound_calls(level):
    """Received 3, answered 1, expired 1, abandoned 1; waits 7 and 5; calls dialled by hand change none of it."""
    inbound = (
        (0, "a", "ENTERQUEUE||1|1"),
        (5, "a", "ABANDON|1|1|5"),
        (10, "b", "ENTERQUEUE-TRANSFER||2|1"),
        (16, "b", "EXITWITHTIMEOUT|1|1|6"),
        (20, "c", "ENTERQUEUE||3|1"),
        (27, "c", "CONNECT|7|x|2"),
        (44, "c", "COMPLETEOUTNUM|7|17|1"),
    )
    manual = (
        (50, "d", "DIAL"),
        (55, "d", "ANSWER"),
        (85, "d", "COMPLETEAGENT|5|30"),
        (60, "e", "DIAL"),
        (66, "e", "ANSWER"),
        (70, "e", "COMPLETEOUTNUM|6|4"),
    )
    [before], _ = level(*inbound)
    [after], account = level(*inbound, *manual)
    assert before == after
    assert (after["offered"], after["answered"], after["redirected"], after["abandoned"]) == (3, 1, 1, 1)
    assert (after["mean_wait_s"], after["longest_abandoned_s"], after["mean_talk_s"]) == (7, 5, 17)
    assert (account.calls, account.ignored) == (3, {"outbound": 4, "ANSWER": 2})


def test_omnileads_abandoned_in_the_queue_and_at_its_welcome(level, tmp_path):
    """5 s and 2 s: 7 s abandoned; who hangs up during the welcome has never entered the queue."""
    events = ((0, "a", "ENTERQUEUE||1|1"), (5, "a", "ABANDON|1|1|5"), (9, "b", "ABANDONWEL|0|0|2"))
    [row], account = level(*events)
    assert (row["offered"], row["abandoned"], row["longest_abandoned_s"]) == (2, 2, 5)
    calls = cc.read_calls(tmp_path / "queue_log.txt", mapping="queue-log", tz="UTC").open(Policy("p"))
    assert calls.engine.rows("SELECT sum(wait_ms), max(offered_ms) FROM accepted") == [(7_000, (START + 7) * 1000)]
    assert account.calls == 2


def test_wazo_acceptance(level):
    """Answered 1, received 3, abandoned 1, blocked 1; and how many answered and abandoned after how long."""
    rows, _ = level(
        (0, "a", "ENTERQUEUE||1|1"),
        (10, "a", "CONNECT|10|x|2"),
        (20, "a", "COMPLETEAGENT|10|10|1"),
        (30, "b", "ENTERQUEUE||2|1"),
        (40, "b", "ABANDON|1|1|10"),
        (50, "c", "JOINEMPTY"),
        by=["event"],
    )
    found = {row["event"]: (row["offered"], row["answered"], row["abandoned"], row["redirected"]) for row in rows}
    assert found == {"COMPLETEAGENT": (1, 1, 0, 0), "ABANDON": (1, 0, 1, 0), "JOINEMPTY": (1, 0, 0, 1)}
    assert {row["event"]: row["denominator"] for row in rows}["JOINEMPTY"] == 0  # sent away at once: never late


def answered(*waits):
    for number, wait in enumerate(waits):
        yield 100 * number, f"a{number}", f"ENTERQUEUE||{number}|1"
        yield 100 * number + wait, f"a{number}", f"CONNECT|{wait}|x|1"
        yield 100 * number + wait + 9, f"a{number}", f"COMPLETEAGENT|{wait}|9|1"


def abandoned(*waits):
    for number, wait in enumerate(waits):
        yield 100 * number + 50, f"b{number}", f"ENTERQUEUE||{number}|1"
        yield 100 * number + 50 + wait, f"b{number}", f"ABANDON|1|1|{wait}"


def test_wazo_buckets(level):
    """Answered and abandoned within 5, 10 and 15 s, a wait of the bucket's end in the next one: 1/0, 0/2, 2/0, 1/1."""
    events = sorted([*answered(4, 10, 14, 15), *abandoned(5, 9, 15)])
    edges = [level(*events, within=f"{s}s", policy=_below())[0][0] for s in (5, 10, 15)]
    whole = level(*events)[0][0]
    ins = [(row["answered_within"], row["abandoned_within"]) for row in edges] + [
        (whole["answered"], whole["abandoned"])
    ]
    steps = [ins[0], *((after[0] - before[0], after[1] - before[1]) for before, after in pairwise(ins))]
    assert steps == [(1, 0), (0, 2), (2, 0), (1, 1)]


def _below():
    return Policy("below", service=ServiceTerms(edge="<"))


@pytest.mark.parametrize(
    ("waits", "within", "value", "mean"), [((10, 10, 20, 20), 15, 50.0, 15), ((20, 5, 3), 10, 66.67, 9.33)]
)
def test_wazo_quality_of_service(level, waits, within, value, mean):
    [row], _ = level(*answered(*waits), within=f"{within}s")
    assert round(100 * row["formulas"]["answered_only"], 2) == value
    assert round(row["mean_wait_s"], 2) == mean


def test_wazo_two_of_every_status(level):
    """Answered rate 16.67, blocked 4, saturated 6; calls to a closed queue are no calls of its hours."""
    ways = ("FULL", "CLOSED", "JOINEMPTY", "DIVERT_CA_RATIO", "DIVERT_HOLDTIME")
    events = [(1_000 + at, f"{way}{at}", way) for at in (0, 1) for way in ways]
    for number in (0, 1):
        events += [(2_000 + number, f"e{number}", "ENTERQUEUE||1|1"), (2_009 + number, f"e{number}", "LEAVEEMPTY")]
        events += [
            (3_000 + number, f"t{number}", "ENTERQUEUE||1|1"),
            (3_030 + number, f"t{number}", "EXITWITHTIMEOUT|1"),
        ]
    rows, account = level(*sorted([*events, *answered(1, 2), *abandoned(3, 4)]), by=["event"])
    found = {row["event"]: row["offered"] for row in rows}
    told = ("COMPLETEAGENT", "ABANDON", "FULL", "LEAVEEMPTY", "JOINEMPTY", "EXITWITHTIMEOUT")
    assert round(100 * found["COMPLETEAGENT"] / sum(found[event] for event in told), 2) == 16.67
    assert found["JOINEMPTY"] + found["LEAVEEMPTY"] == 4
    assert found["FULL"] + found["DIVERT_CA_RATIO"] + found["DIVERT_HOLDTIME"] == 6
    assert account.ignored == {"CLOSED": 2}
