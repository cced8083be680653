"""Legs of one customer call are joined: an answered call that was transferred stays answered, and counts once."""

import pyarrow as pa
import pytest

import cc_metrics as cc
from cc_metrics import policy, reporting
from cc_metrics.errors import PolicyError
from cc_metrics.model.promise import Policy
from cc_metrics.store import mapping_file
from test_vendor_mappings import SAMPLES

HEADER = "id,of,at,how,wait,talk,hold,wrap,queue,agent,customer,moved,solved"
CALLS = """
[calls]
call_id = "id"
offered_at = "at"
outcome = "how"
wait_ms = { column = "wait", unit = "s" }
talk_ms = { column = "talk", unit = "s" }
hold_ms = { column = "hold", unit = "s" }
wrap_ms = { column = "wrap", unit = "s" }
queue = "queue"
agent_id = "agent"
customer_id = "customer"
transferred = "moved"
resolved = "solved"
"""
LATER, HEADLESS = "later leg of a call", "leg of a call whose first leg is not here"


@pytest.fixture
def read(tmp_path):
    """Calls from files of rows, legs told by *of*: "call" is an id all share, "parent" that of the leg before."""

    def made(*files, legs="call", **options):
        (tmp_path / "made.toml").write_text(f'name = "made"\n[legs]\n{legs} = "of"\n{CALLS}', "utf-8")
        paths = []
        for number, rows in enumerate(files):
            paths.append(tmp_path / f"{number}.csv")
            paths[-1].write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
        return cc.read_calls(paths, mapping=str(tmp_path / "made.toml"), max_rejected=1, **options)

    return made


def shown(calls, *names):
    """The one row of a report, as plain values."""
    [row] = cc.service_level(calls, within="20s").astype(object).to_dict("records")
    return tuple(None if row[name] is None or row[name] != row[name] else row[name] for name in names)


COUNTS = ("offered", "answered", "abandoned", "redirected")

# one call over midnight: 10 s to ana, who hands it on; 30 s to ben, who does too; the caller hangs up in a third queue
CHAIN = (
    "c1,c,2026-03-02 23:55:00,answered,10,120,5,20,front,ana,k1,,no",
    "c2,{of},2026-03-02 23:57:15,answered,30,240,0,10,back,ben,k1,,yes",
    "c3,{last},2026-03-03 00:01:50,abandoned,90,,,,desk,,k1,,",
)
SHARED = [row.format(of="c", last="c") for row in CHAIN]
PARENTS = [row.format(of="c1", last="c2").replace("c1,c,", "c1,,") for row in CHAIN]
FIRSTS = [row.format(of="c1", last="c1").replace("c1,c,", "c1,c1,") for row in CHAIN]
OTHER = "d1,{own},2026-03-03 00:05:00,answered,20,60,0,0,front,ana,k2,,yes"


@pytest.mark.parametrize(
    ("rows", "legs"),
    [(SHARED, "call"), (PARENTS, "parent"), (FIRSTS, "parent")],
    ids=["an id that all share", "the leg before", "the first leg"],
)
@pytest.mark.parametrize("cut", [3, 2, 1], ids=["one file", "cut before the last leg", "cut after the first leg"])
@pytest.mark.parametrize("turned", [False, True], ids=["in order", "later file first"])
def test_a_chain_of_three_legs_over_midnight_counts_once(read, rows, legs, cut, turned):
    """Answered after 10 s by the first; talk 120 + 240, hold 5, wrap-up 20 + 10; resolved as the second leg says."""
    files = [part for part in (rows[:cut], [*rows[cut:], OTHER.format(own="")]) if part]
    calls = read(*(files[::-1] if turned else files), legs=legs)
    account = calls.accounting
    assert account.balanced
    assert (account.read, account.accepted, account.ignored, account.rejected) == (4, 2, {LATER: 2}, {})
    assert shown(calls, *COUNTS) == (2, 2, 0, 0)
    names = ("answered_within", "mean_wait_s", "mean_talk_s", "mean_hold_s", "mean_wrap_s", "transferred")
    assert shown(calls, *names) == (2, 15.0, 210.0, 2.5, 15.0, 1)
    [by_queue] = cc.service_level(calls, by=["queue"]).to_dict("records")
    assert by_queue["queue"] == "front"
    [flag] = [r for r in cc.report(calls).report.first_call_resolution if r["basis"] == "flag"]
    assert (flag["eligible"], flag["resolved"]) == (2, 2)


def test_legs_counted_apart_give_other_figures(read, tmp_path):
    """What a mapping without the rule makes of it: three offered, one of them lost."""
    read(SHARED)
    (tmp_path / "apart.toml").write_text(f'name = "apart"\n{CALLS}', "utf-8")
    calls = cc.read_calls(tmp_path / "0.csv", mapping=str(tmp_path / "apart.toml"))
    assert shown(calls, *COUNTS) == (3, 2, 1, 0)
    assert shown(read(SHARED), *COUNTS) == (1, 1, 0, 0)


def test_what_sent_the_caller_on_stays_a_passage_of_its_own(read):
    """Overflow after 30 s, answered in the second queue after 15 s, transferred: two passages, one of them answered."""
    rows = [
        "e1,e,2026-03-02 09:00:00,redirected,30,,,,front,,k1,,",
        "e2,e,2026-03-02 09:00:31,answered,15,60,,,back,ben,k1,,",
        "e3,e,2026-03-02 09:01:46,answered,0,40,,,desk,cy,k1,,",
    ]
    calls = read(rows)
    assert calls.accounting.ignored == {LATER: 1}
    assert shown(calls, *COUNTS, "answered_within", "redirected_late", "mean_talk_s") == (2, 1, 0, 1, 1, 1, 100.0)


def test_legs_that_all_bear_the_start_of_their_call_are_ordered_by_their_waits(read):
    """Answered after 5 s, lost after 30 s in the next queue: who left the queue first came first."""
    rows = [
        "e1,e,2026-03-02 09:00:00,abandoned,30,0,,,back,,k1,,",
        "e2,e,2026-03-02 09:00:00,answered,5,60,,,front,ben,k1,,",
    ]
    assert shown(read(rows), *COUNTS) == (1, 1, 0, 0)


def test_a_call_that_nobody_answered_keeps_its_passages(read):
    rows = [
        "f1,f,2026-03-02 09:00:00,redirected,30,,,,front,,k1,,",
        "f2,f,2026-03-02 09:00:31,abandoned,15,,,,back,,k1,,",
    ]
    calls = read(rows)
    assert (calls.accounting.ignored, shown(calls, *COUNTS)) == ({}, (2, 0, 1, 1))


def test_a_leg_whose_first_leg_is_not_here_is_no_call(read):
    """The export begins after c1: nobody knows how long its caller waited; c2 and c3 are named and not counted."""
    calls = read([*PARENTS[1:], OTHER.format(own="")], legs="parent")
    assert calls.accounting.ignored == {HEADLESS: 2}
    assert shown(calls, *COUNTS) == (1, 1, 0, 0)


def test_a_shared_id_does_not_tell_that_the_first_leg_is_missing(read):
    """No row is the first by its id: the earliest that is there stands for it."""
    calls = read([*SHARED[1:], OTHER.format(own="")])
    assert calls.accounting.ignored == {LATER: 1}
    assert shown(calls, *COUNTS, "mean_wait_s") == (2, 2, 0, 0, 25.0)


def test_a_first_leg_that_a_rule_ignores_is_here_all_the_same(read, tmp_path):
    """Its caller was sent on by a menu: the next leg is the first that queued."""
    rows = [
        "g1,,2026-03-02 09:00:00,,0,,,,menu,,k1,,",
        "g2,g1,2026-03-02 09:00:10,answered,25,60,,,back,ben,k1,,",
        "g3,g2,2026-03-02 09:01:40,answered,5,60,,,desk,cy,k1,,",
    ]
    read(rows, legs="parent")
    mapping = (tmp_path / "made.toml").read_text("utf-8")
    ignored = '[[ignore]]\nname = "in the menu"\nwhen = { queue = "menu" }\n'
    (tmp_path / "made.toml").write_text(mapping + ignored, "utf-8")
    calls = cc.read_calls(tmp_path / "0.csv", mapping=str(tmp_path / "made.toml"))
    assert calls.accounting.ignored == {"in the menu": 1, LATER: 1}
    assert shown(calls, *COUNTS, "mean_wait_s", "mean_talk_s") == (1, 1, 0, 0, 25.0, 120.0)


def test_legs_follow_their_call_out_of_hours_and_need_no_wait_of_their_own(read, tmp_path):
    """Offered before the doors open, handed on after; and handed to a person without a queue: neither counts twice."""
    rows = [
        "m1,m,2026-03-02 08:59:00,answered,10,600,,,front,ana,k1,,",
        "m2,m,2026-03-02 09:09:10,answered,10,60,,,back,ben,k1,,",
        "n1,n,2026-03-02 10:00:00,answered,10,60,,,front,ana,k2,,",
        "n2,n,2026-03-02 10:01:10,answered,,40,,,,ben,k2,,",
    ]
    (tmp_path / "p.toml").write_text('name = "p"\nopen = "Mon-Sun 09:00-20:00"\n', "utf-8")
    found = read(rows).open(policy.load(str(tmp_path / "p.toml")))
    account = reporting.accounting(found)
    assert (account.accepted, account.rejected) == (1, {})
    assert account.ignored == {LATER: 2, "outside open hours": 1}


def test_a_leg_delivered_twice_is_added_once(read):
    """Monday's and Tuesday's file both hold the first two legs; the second came half-done on Monday."""
    half = SHARED[1].replace("answered,30,240", "answered,30,100")
    calls = read([SHARED[0], half], SHARED)
    account = calls.accounting
    assert (account.ignored, account.rejected) == (
        {"duplicate": 1, LATER: 2},
        {"conflicting rows of one call_id": 1},
    )
    assert account.balanced
    assert shown(calls, *COUNTS, "mean_talk_s") == (1, 1, 0, 0, 360.0)


@pytest.mark.parametrize(("at", "joined"), [("13:01:10", 1), ("13:01:11", 0)])
def test_a_row_more_than_four_hours_after_the_last_leg_is_another_call(read, at, joined):
    """The first ends at 9:01:10: an id that begins anew, or a caller called back in the afternoon, is no leg of it."""
    rows = [
        "h1,h,2026-03-02 09:00:00,answered,10,60,,,front,ana,k1,,",
        f"h2,h,2026-03-02 {at},answered,5,60,,,front,ana,k1,,",
    ]
    calls = read(rows)
    assert calls.accounting.ignored == ({LATER: 1} if joined else {})
    assert shown(calls, "offered", "mean_talk_s") == (2 - joined, 60.0 * (1 + joined))


@pytest.mark.parametrize("legs", ["call", "parent"])
def test_rows_that_name_no_call_are_calls_of_their_own(read, legs):
    rows = [f"{i},,2026-03-02 09:00:0{i},answered,1,60,,,front,ana,k{i},," for i in range(3)]
    calls = read(rows, legs=legs)
    assert (calls.accounting.ignored, shown(calls, *COUNTS)) == ({}, (3, 3, 0, 0))


def test_legs_that_name_each_other_round_end(read):
    rows = [f"{a},{b},2026-03-02 09:00:0{i},answered,1,60,,,front,,k,," for i, (a, b) in enumerate(["ab", "bc", "ca"])]
    calls = read([*rows, *(r.replace("a,b", "x,y").replace("b,c", "y,x") for r in rows[:2])], legs="parent")
    assert calls.accounting.balanced
    assert 1 <= shown(calls, "offered")[0] <= 5


def test_talk_of_a_leg_that_is_not_known_makes_the_whole_unknown(read):
    """A leg that was lost has no talk, and takes nothing away; an answered one without talk does."""
    rows = [
        *SHARED,
        "i1,i,2026-03-03 00:10:00,answered,1,50,,,front,ana,k3,,",
        "i2,i,2026-03-03 00:11:00,answered,1,,,,,,,,",
    ]
    calls = read(rows)
    assert shown(calls, *COUNTS, "mean_talk_s") == (2, 2, 0, 0, 360.0)


def test_legs_on_a_day_when_the_clock_goes_back(read):
    """Berlin, 25 October 2026: answered at 02:50 CEST, the next leg at 02:10 CET is 20 minutes later, not 40 before."""
    rows = [
        "j1,j,2026-10-25T02:50:00+02:00,answered,10,1190,,,front,ana,k1,,",
        "j2,j,2026-10-25T02:10:00+01:00,abandoned,60,,,,back,,k1,,",
    ]
    calls = read(rows, tz="Europe/Berlin")
    assert shown(calls, *COUNTS) == (1, 1, 0, 0)
    [row] = cc.service_level(calls, every="1h").to_dict("records")
    assert row["start"] == "2026-10-25T02:00:00+02:00"


def test_the_whole_call_is_judged_for_repeats(read):
    """Its legs are no repeats of it; the caller who comes again an hour later is one."""
    rows = [
        *SHARED,
        "l1,l,2026-03-03 01:00:00,answered,5,60,,,front,ana,k1,,",
        "z,z,2026-03-03 23:59:59,abandoned,0,,,,,,,,",
    ]
    [row] = cc.first_call_resolution(read(rows), window="2h").to_dict("records")
    assert (row["answered"], row["eligible"], row["resolved"]) == (2, 2, 1)
    [row] = cc.first_call_resolution(read(rows), window="30m").to_dict("records")
    assert (row["answered"], row["eligible"], row["resolved"]) == (2, 2, 2)


def test_the_late_list_points_at_the_leg_that_counts(read, tmp_path):
    rows = [SHARED[0].replace("answered,10", "answered,40"), *SHARED[1:]]
    found = read(rows).open(Policy("p"))
    assert reporting.write_late(found, Policy("p"), reporting.Request(), tmp_path / "late.csv") == 1
    line = (tmp_path / "late.csv").read_text().splitlines()[1]
    assert line.split(",")[1:3] == ["2", "c1"]
    assert reporting.write_rejected(found, tmp_path / "rejected.csv") == 0


def test_tables_are_joined_as_files_are(read, tmp_path):
    read(SHARED)
    columns = list(zip(*(row.split(",") for row in SHARED), strict=True))
    names = HEADER.split(",")
    table = pa.table({name: [v or None for v in values] for name, values in zip(names, columns, strict=True)})
    calls = cc.read_calls(table, mapping=str(tmp_path / "made.toml"))
    assert shown(calls, *COUNTS, "mean_talk_s") == (1, 1, 0, 0, 360.0)


@pytest.mark.parametrize(
    "legs",
    ["call = 'a'\nparent = 'b'", "", "first = 'a'", "call = 5"],
    ids=["both", "none", "unknown", "no text"],
)
def test_a_rule_that_cannot_be_followed_is_refused(legs):
    with pytest.raises(PolicyError, match=r"\[legs\]"):
        mapping_file.parse(f'name = "made"\n[legs]\n{legs}\n{CALLS}', "made")


def five9(*rows):
    """Rows of the call log: id, time of day, agent, wait, talk, abandoned."""
    header = (SAMPLES / "five9" / "call-log.csv").read_text("utf-8").splitlines()[0]
    lines = [
        f'{i},"Mon, 02 Mar 2026 {at}",billing,Inbound,{agent},,,2025550100,,,,,,00:00:10,{wait},00:00:00,{talk},'
        f"00:00:00,00:00:00,00:00:10,,,,{abandoned},"
        for i, at, agent, wait, talk, abandoned in rows
    ]
    return "\n".join([header, *lines]) + "\n"


def test_five9_rows_of_one_call_id_are_one_call(tmp_path):
    rows = [
        ("701", "09:00:00", "ana", "00:00:15", "00:02:00", 0),
        ("701", "09:02:25", "[None]", "00:00:40", "00:00:00", 1),
        ("702", "09:10:00", "ben", "00:00:21", "00:01:00", 0),
    ]
    (tmp_path / "calls.csv").write_text(five9(*rows), "utf-8")
    calls = cc.read_calls(tmp_path / "calls.csv", mapping="five9")
    assert calls.accounting.ignored == {LATER: 1}
    assert shown(calls, *COUNTS, "answered_within", "transferred") == (2, 2, 0, 0, 1, 1)


def test_cxone_transfers_lead_back_to_the_first_contact(tmp_path):
    """A second transfer names the contact made by the first one."""
    text = (SAMPLES / "nice-cxone" / "call-detail.csv").read_text("utf-8")
    text += "6013,6009,Call,2025550308,1,Billing,1,Care,,,,,,1,03/04/2026,09:09:00,0,30,0,0,Y\n"
    (tmp_path / "calls.csv").write_text(text, "utf-8")
    calls = cc.read_calls(tmp_path / "calls.csv", mapping="nice-cxone", max_rejected=1)
    assert calls.accounting.ignored[LATER] == 2
    [row] = [r for r in cc.service_level(calls, by=["queue"]).to_dict("records") if r["channel"] == "voice"]
    assert (row["answered"], row["abandoned"], row["transferred"]) == (4, 1, 1)


def test_vicidial_rows_of_one_channel_are_one_call(tmp_path):
    text = (SAMPLES / "vicidial" / "closer-log.csv").read_text("utf-8")
    text += (
        "14,40,,DESK_IN,2026-03-02 09:03:20,1772438600,,30,DROP,1,2025550200,VDCL,,,30.00,,,ABANDON,1772438400.0,,1\n"
    )
    (tmp_path / "calls.csv").write_text(text, "utf-8")
    calls = cc.read_calls(tmp_path / "calls.csv", mapping="vicidial", max_rejected=1)
    assert calls.accounting.ignored[LATER] == 1
    assert shown(calls, *COUNTS) == (9, 3, 3, 3)
