"""Input that is already aggregated: what its counts allow, worked out by hand; what they do not, refused by name."""

import json

import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError, PolicyError, UsageError
from cli_fixture import HOTLINE, run
from interval_fixture import HEAD, HOURLY, Source, codes, parsed, text_of

#            hour               all lost out  10 20 60 more  ok lost 20
ROWS = f"""{HEAD}
03.03.2025 00:00,10,2,1,4,1,1,1,5,1,4
03.03.2025 01:00,0,0,0,0,0,0,0,2,0,2
03.03.2025 02:00,4,4,0,0,0,0,0,0,3,0
"""


@pytest.fixture(name="source")
def _source(tmp_path):
    return Source(tmp_path)


def row_of(report, **wanted):
    [found] = [row for row in report.calls if all(row[name] == value for name, value in wanted.items())]
    return found


def test_counts_by_hour_and_group(source):
    report = source.report(HOURLY, ROWS, by=("queue",), every="1h")
    first = row_of(report, start="2025-03-03T00:00:00+01:00", queue="sales")
    assert [first[n] for n in ("offered", "answered", "abandoned", "redirected")] == [10, 7, 2, 1]
    assert first["answered_within"] == 5  # 4 within 10 s and 1 from there to 20 s
    assert first["connect_rate"] == 0.7
    assert first["abandonment_rate"] == 2 / 9
    # when the redirected call left is not told: it counts as late or not at all
    assert first["service_level"] is None
    assert first["formulas"] == {
        "all_offered": None,
        "exclude_abandons_within": None,
        "exclude_short_abandons": None,
        "abandons_within_count": None,
        "short_abandons_count": None,
        "answered_only": 5 / 7,
    }
    quiet = row_of(report, start="2025-03-03T01:00:00+01:00", queue="sales")
    assert (quiet["offered"], quiet["answered_within"], quiet["service_level"]) == (0, 0, None)
    lost = row_of(report, start="2025-03-03T02:00:00+01:00", queue="sales")
    assert (lost["offered"], lost["answered_within"], lost["denominator"], lost["service_level"]) == (4, 0, 4, 0.0)
    service = row_of(report, start="2025-03-03T00:00:00+01:00", queue="service")
    assert (service["offered"], service["answered_within"], service["service_level"]) == (6, 4, 4 / 6)


def test_what_counts_do_not_tell_is_none(source):
    report = source.report(HOURLY, ROWS, by=("queue",), every="1h")
    for name in ("mean_wait_s", "p50_wait_s", "p90_wait_s", "longest_wait_s", "mean_handle_s", "under_10_s"):
        assert {row[name] for row in report.calls} == {None}
    assert report.intervals == ()
    assert report.first_call_resolution == ()
    assert "counts_only" in codes(report)
    assert "no_half_hours" in codes(report)
    assert "no_repeats" not in codes(report)


@pytest.mark.parametrize(("within", "kept"), [("10s", 4), ("20s", 5), ("60s", 6)])
def test_each_threshold_that_was_counted(source, within, kept):
    mapping = HOURLY.split('[[intervals.groups]]\nqueue = { always = "service" }')[0]
    calls = source.calls(mapping, ROWS)
    [row] = cc.service_level(calls, within=within, formula="answered_only").to_dict("records")
    assert (row["answered_within"], row["answered"]) == (kept, 7)


def test_thresholds_of_two_groups_are_those_of_both(source):
    calls = source.calls(HOURLY, ROWS)
    with pytest.raises(UsageError, match="counts answers within 20 s, not within 10 s"):
        cc.service_level(calls, within="10s")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"within": "25s"}, "counts answers within 20 s, not within 25 s"),
        ({"every": "30m"}, "rows hold 1 hour each"),
        ({"every": "15m"}, "rows hold 1 hour each"),
        ({"start": "2025-03-03 00:30"}, "begins or ends inside a row"),
        ({"end": "2025-03-03 01:15"}, "begins or ends inside a row"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(source, options, said):
    with pytest.raises(UsageError, match=said):
        source.report(HOURLY, ROWS, **options)


def test_the_other_edge_is_another_threshold(source):
    policy = source.folder / "strict.toml"
    policy.write_text('name = "strict"\nedge = "<"\nwithin = "20 seconds"\n', "utf-8")
    report = source.report(HOURLY, ROWS, policy=str(policy), formula="answered_only")
    assert report.calls[0]["service_level"] is None
    assert "not within less than 20 s" in text_of(report, "level_not_counted")
    strict = HOURLY.replace("[intervals]\n", '[intervals]\nedge = "<"\n')
    report = source.report(strict, ROWS, policy=str(policy), formula="answered_only")
    assert report.calls[0]["service_level"] == (5 + 4 + 2) / 14


def test_periods_and_days(source):
    report = source.report(HOURLY, ROWS, by=("queue",), start="2025-03-03 01:00", end="2025-03-03 02:00")
    assert [(row["queue"], row["offered"]) for row in report.calls] == [("sales", 0), ("service", 2)]
    days = source.report(HOURLY, ROWS, every="1d")
    assert [(row["start"], row["offered"]) for row in days.calls] == [("2025-03-03", 25)]
    assert not days.head.complete  # the last row ends at 03:00


def test_promises_are_judged_where_the_counts_allow(source):
    policy = source.folder / "own-policy.toml"
    policy.write_text(
        """name = "own"
formula = "answered_only"
[[promise]]
name = "in 20 s"
measure = "service_level"
within = "20 seconds"
target = "80 %"
[[promise]]
name = "in 30 s"
measure = "service_level"
within = "30 seconds"
target = "80 %"
[[promise]]
name = "half-hours"
measure = "intervals_on_target"
within = "20 seconds"
each = "80 %"
target = "75 %"
[[promise]]
name = "wait"
measure = "mean_wait"
at_most = "20 seconds"
[[promise]]
name = "longest"
measure = "longest_wait"
within = "60 seconds"
[[promise]]
name = "abandoned"
measure = "abandonment"
limit = "50 %"
short_abandon = "0 seconds"
[[promise]]
name = "short abandoned"
measure = "abandonment"
limit = "50 %"
short_abandon = "5 seconds"
""",
        "utf-8",
    )
    hours = [f"03.03.2025 {hour:02}:00,0,0,0,0,0,0,0,0,0,0" for hour in range(3, 24)]
    report = source.report(HOURLY, "\n".join([ROWS.rstrip(), *hours, ""]), policy=str(policy))
    rows = {judged.row["name"]: judged.row for judged in report.promises}
    level = rows["in 20 s"]
    assert (level["kept"], level["settled"], level["verdict"]) == (11, 14, "missed")
    assert rows["in 30 s"]["verdict"] == "not_judged"
    assert "not within 30 s" in rows["in 30 s"]["note"]
    assert "'in 30 s' is not judged" in text_of(report, "level_not_counted")
    assert "intervals of 30m are unknown" in rows["half-hours"]["note"]
    assert "how long answered calls waited" in rows["wait"]["note"]
    assert "does not tell how long each of them waited" in rows["longest"]["note"]
    lost = rows["abandoned"]
    assert (lost["kept"], lost["settled"], lost["verdict"]) == (10, 24, "kept")
    assert "abandoned within 5 seconds" in rows["short abandoned"]["note"]
    judged = {name for name, row in rows.items() if row["verdict"] != "not_judged"}
    assert judged == {"in 20 s", "abandoned"}


DAILY = """
name = "daily"
timezone = "America/New_York"
[intervals]
start = { column = "day", format = "%m/%d/%Y" }
total = { day = ["Total"] }
offered = "offered"
answered = "answered"
abandoned = "abandoned"
answered_within = { 20s = { percent = "SL", of = "answered" } }
abandoned_within = { 5s = "short", 20s = "abandoned 20" }
mean_wait = { column = "ASA", unit = "s" }
total_handle = { column = "handle", unit = "min" }
"""
DAYS = """day,offered,answered,abandoned,SL,short,abandoned 20,ASA,handle
11/01/2025,10,8,2,75.0 %,1,2,12.5,40
11/02/2025,6,6,0,66.7%,0,0,20,30
11/03/2025,3,0,3,,2,3,,0
Total,19,14,5,71.4 %,3,5,15.7,70
"""


def test_daily_figures_of_a_centre(source):
    report = source.report(DAILY, DAYS, every="1d")
    first, second, third = report.calls
    assert first["answered_within"] == 6
    assert first["formulas"] == {
        "all_offered": 6 / 10,
        "exclude_abandons_within": 6 / 8,
        "exclude_short_abandons": 6 / 9,
        "abandons_within_count": 8 / 10,
        "short_abandons_count": 7 / 10,
        "answered_only": 6 / 8,
    }
    assert (first["mean_wait_s"], first["mean_handle_s"], first["mean_talk_s"]) == (12.5, 300, None)
    assert (second["answered_within"], second["redirected"], second["service_level"]) == (4, 0, 4 / 6)
    assert (third["answered"], third["mean_wait_s"], third["mean_handle_s"], third["service_level"]) == (
        0,
        None,
        None,
        0,
    )
    assert report.total[0]["mean_wait_s"] == (8 * 12.5 + 6 * 20) / 14
    assert report.total[0]["mean_handle_s"] == 70 * 60 / 14
    assert report.accounting.ignored == {"total row": 1}
    assert report.accounting.balanced
    assert "rounded_means" in codes(report)
    assert "conservation" not in codes(report)
    assert report.head.complete  # a day of 25 hours among them
    weeks = source.report(DAILY, DAYS, every="1w")
    assert [(row["start"], row["offered"]) for row in weeks.calls] == [("2025-W44", 16), ("2025-W45", 3)]


def test_daily_rows_belong_to_their_own_zone(source):
    with pytest.raises(UsageError, match="rows hold 24 hours each, which days of UTC cut in two"):
        source.report(DAILY, DAYS, tz="UTC")


CHINESE = """
name = "话务日报"
timezone = "Asia/Shanghai"
[intervals]
start = { column = "日期", format = "%Y年%m月%d日" }
length = "1d"
total = { "日期" = ["合计"] }
queue = "技能组"
offered = "呼入量"
answered = "接通量"
redirected = { always = 0 }
answered_within = { "20秒" = "20秒内接通量" }
total_talk = { column = "通话时长", unit = "min" }
"""
CHINESE_ROWS = """日期,技能组,呼入量,接通量,20秒内接通量,通话时长
2013年08月19日,投诉,100,90,85,180
2013年08月19日,业务,50,50,50,75
2013年08月20日,投诉,80,60,40,120
合计,,230,200,175,375
"""


def test_chinese_headers_and_a_count_that_conservation_gives(source):
    report = source.report(CHINESE, CHINESE_ROWS, by=("queue",))
    complaints = row_of(report, queue="投诉")
    # 未接通 = 呼入量 - 接通量: 180 - 150
    assert (complaints["offered"], complaints["answered"], complaints["abandoned"]) == (180, 150, 30)
    assert complaints["service_level"] == 125 / 180
    assert "The input does not hold abandoned: it is what the other counts leave, 30 calls" in text_of(
        report, "derived"
    )
    assert complaints["formulas"] == {
        "all_offered": 125 / 180,
        "exclude_abandons_within": None,
        "exclude_short_abandons": None,
        "abandons_within_count": None,
        "short_abandons_count": None,
        "answered_only": 125 / 150,
    }
    assert complaints["mean_talk_s"] == 120
    assert report.total[0]["service_level"] == 175 / 230
    assert "conservation" not in codes(report)


WAZO = """
name = "queue statistics"
timezone = "America/Toronto"
[intervals]
start = "from"
length = "1h"
total = { from = ["total"] }
offered = "received"
answered = "answered"
abandoned = "abandoned"
redirected = ["closed", "not_answered", "saturated", "blocked", "joinempty", "leaveempty"]
"""


def test_an_hour_whose_outcomes_are_more_than_it_received(source):
    # received 36, outcomes 1 + 3 + 3 + 4 + 5 + 6 + 7 + 8 = 37
    text = """from,received,answered,abandoned,closed,not_answered,saturated,blocked,joinempty,leaveempty
2020-10-06 13:00:00,36,1,3,3,4,5,6,7,8
2020-10-06 14:00:00,2,2,0,0,0,0,0,0,0
"""
    report = source.report(WAZO, text)
    said = text_of(report, "conservation")
    assert "1 row does not add up" in said
    assert "line 2: offered 36, but answered 1 + abandoned 3 + redirected 33 = 37" in said
    assert report.total[0]["offered"] == 39  # as the outcomes are written, not repaired


def test_a_row_of_totals_that_holds_another_hour(source):
    # the hours are 3 + 4 + 5 + 6 = 18 and the total says 25
    mapping = WAZO.replace(
        '["closed", "not_answered", "saturated", "blocked", "joinempty", "leaveempty"]', "{ always = 0 }"
    )
    hours = [f"2020-03-08 {hour:02}:00:00,{n},{n},0" for hour, n in ((0, 3), (1, 4), (4, 5), (5, 6))]
    text = "\n".join(["from,received,answered,abandoned", *hours, "total,25,25,0", ""])
    report = source.report(mapping, text)
    said = text_of(report, "conservation")
    assert "rows.csv line 6: the row of totals says otherwise than the other rows together" in said
    assert "offered 25 against 18, answered 25 against 18." in said
    assert report.total[0]["offered"] == 18
    assert report.accounting.ignored == {"total row": 1}
    right = source.report(mapping, text.replace("25,25", "18,18"))
    assert "conservation" not in codes(right)
    twice = source.report(mapping, text + "total,25,25,0\n")
    assert "2 rows of totals, which were left out and compared with nothing" in text_of(twice, "conservation")


def test_buckets_that_do_not_add_up_to_the_answers(source):
    mapping = HOURLY.replace('offered = "s_all"', 'offered = "s_all"\nanswered = "s_ok"')
    text = f"{HEAD},s_ok\n03.03.2025 00:00,10,2,0,4,1,1,1,5,1,4,8\n"
    report = source.report(mapping, text)
    assert "answered 8, but its buckets 7 (group 1)" in text_of(report, "conservation")


UNFIT = """11/03/2025,5,3,3,100,0,0,1,3
11/04/2025,9,9,0,50,0,0,1,3
11/05/2025,9,9,0,,0,0,1,3
11/06/2025,9999,9999,0,50.1,0,0,1,3
11/07/2025,9,7,2,100,2,1,1,3
11/08/2025,9,7,2,100,1,3,1,3
11/09/2025,9,7,2,100,1,2,,3
11/10/2025,9,seven,2,100,1,2,1,3
11/11/2025,9,7.5,2,100,1,2,1,3
11/12/2025,9,-7,2,100,1,2,1,3
11/13/2025,9,,2,100,1,2,1,3
soon,9,7,2,100,1,2,1,3
11/01/2025,9,7,2,100,1,2,1,3
"""


def test_rows_that_cannot_stand_are_rejected_by_name(source):
    text = "\n".join([*DAYS.splitlines()[:3], UNFIT])
    found = source.calls(DAILY, text, max_rejected=1).accounting
    assert found.rejected == {
        "offered is less than its parts": 1,
        "a percentage that gives no whole number of calls, or more than one": 3,
        "more calls within a threshold than within a later one, or than in all": 2,
        "no length of time of the calls answered": 1,
        "answered is not a whole number": 2,
        "answered is negative": 1,
        "no answered": 1,
        "start_at is not a time": 1,
        "conflicting rows of one start_at and group": 1,  # another row of a day that is there: the last one is kept
    }
    assert (found.read, found.accepted, found.balanced) == (15, 2, True)


def test_rejected_rows_are_listed_with_their_lines(source):
    path = source.write(DAILY, DAYS.replace("11/02/2025,6,6,0", "11/02/2025,5,6,0"))
    listed = source.folder / "rejected.csv"
    ran = run("check", path, "--mapping", source.folder / "own.toml", "--rejected", listed, "--max-rejected", "50%")
    assert ran.code == 0
    assert "offered -> offered" in ran.out.replace("\n", "") or "offered;" in ran.out
    assert "answers within 20 s" in ran.out
    assert listed.read_text("utf-8").splitlines() == [
        "file,line,reason,text",
        f'{path},3,offered is less than its parts,"11/02/2025,5,6,0,66.7%,0,0,20,30"',
    ]


def test_the_same_rows_in_two_files_count_once(source):
    source.write(HOURLY, ROWS, "monday.csv")
    source.write(HOURLY, ROWS + "03.03.2025 03:00,1,1,0,0,0,0,0,0,0,0\n", "tuesday.csv")
    paths = [str(source.folder / name) for name in ("monday.csv", "tuesday.csv")]
    report = cc.report(cc.read_calls(paths, mapping=str(source.folder / "own.toml"))).report
    assert report.accounting.ignored == {"duplicate": 3}
    assert report.total[0]["offered"] == 26


@pytest.mark.parametrize(
    ("hours", "starts", "caution"),
    [
        # clocks go forward: there is no 02:00
        (
            ["30.03.2025 01:00", "30.03.2025 03:00"],
            ["2025-03-30T01:00:00+01:00", "2025-03-30T03:00:00+02:00"],
            None,
        ),
        # clocks go back: 02:00 stands there twice
        (
            ["26.10.2025 01:00", "26.10.2025 02:00", "26.10.2025 02:00", "26.10.2025 03:00"],
            [
                f"2025-10-26T{clock}"
                for clock in ("01:00:00+02:00", "02:00:00+02:00", "02:00:00+01:00", "03:00:00+01:00")
            ],
            "doubled_hour",
        ),
    ],
)
def test_clock_changes(source, hours, starts, caution):
    text = "\n".join([HEAD, *(f"{hour},{n},{n},0,0,0,0,0,0,0,0" for n, hour in enumerate(hours, 1)), ""])
    report = source.report(HOURLY, text, every="1h")
    assert [(row["start"], row["offered"]) for row in report.calls] == list(zip(starts, range(1, 9), strict=False))
    assert caution is None or caution in codes(report)


def test_the_length_of_rows_is_found_or_asked_for(source):
    found = source.report(DAILY, DAYS)
    assert "holds 24 hours" in text_of(found, "no_half_hours")  # one of the three has 25
    with pytest.raises(DataError, match="do not tell how long"):
        source.report(DAILY, "\n".join([*DAYS.splitlines()[:2], ""]))
    wrong = HOURLY.replace('length = "1h"', 'length = "1d"')
    with pytest.raises(DataError, match="begin 1 hour apart, and the mapping says that each holds 24 hours"):
        source.report(wrong, ROWS)
    quarters = HOURLY.replace('length = "1h"\n', "")
    text = f"{HEAD}\n03.03.2025 00:00,1,1,0,0,0,0,0,0,0,0\n03.03.2025 00:15,2,2,0,0,0,0,0,0,0,0\n"
    report = source.report(quarters, text, every="15m")
    assert [row["offered"] for row in report.calls] == [1, 2]
    assert [row["offered"] for row in report.intervals] == [3]


def test_open_hours(source):
    policy = source.folder / "hours.toml"
    policy.write_text('name = "hours"\nopen = "Mon-Sun 01:00-02:00"\n', "utf-8")
    report = source.report(HOURLY, ROWS, policy=str(policy))
    assert report.accounting.ignored == {"outside open hours": 2}
    assert report.total[0]["offered"] == 2
    policy.write_text('name = "hours"\nopen = "Mon-Sun 01:30-03:00"\n', "utf-8")
    with pytest.raises(UsageError, match="open hours begin or end inside 1 rows"):
        source.report(HOURLY, ROWS, policy=str(policy))


def test_only_the_calls_answered(source):
    mapping = 'name = "a"\n[intervals]\nstart = "at"\nlength = "30m"\nempty = 0\nanswered = "n"\n'
    mapping += 'answered_within = { 20s = "q" }\n'
    text = "at,n,q\n2025-03-03 09:00:00,4,3\n2025-03-03 09:30:00,,\n"
    report = source.report(mapping, text)
    [row] = report.total
    assert (row["answered"], row["answered_within"], row["formulas"]["answered_only"]) == (4, 3, 0.75)
    unknown = ("offered", "abandoned", "redirected", "connect_rate", "abandonment_rate", "service_level", "denominator")
    assert {name: row[name] for name in unknown} == dict.fromkeys(unknown)
    assert [i["answered"] for i in report.intervals] == [4, 0]
    assert "only those that were answered" in text_of(report, "counts_only")
    for show in ("table", "json", "csv", "markdown"):
        ran = run("report", source.folder / "rows.csv", "--mapping", source.folder / "own.toml", "--show", show)
        assert ran.code == 0, ran.err
        assert "Traceback" not in ran.err


def test_what_the_command_says_of_counts(source):
    path = source.write(HOURLY, ROWS)
    ran = run("report", path, "--mapping", source.folder / "own.toml", "--by", "queue", "--every", "1h")
    assert ran.code == 0, ran.err
    assert "[no_half_hours]" in ran.out
    ran = run("report", path, "--mapping", source.folder / "own.toml", "--late", source.folder / "late.csv")
    assert (ran.code, "rows of counts hold no calls to list" in ran.err) == (2, True)
    ran = run("explain", "service_level", path, "--mapping", source.folder / "own.toml")
    assert "Traceback" not in ran.err


# summaries


def saved(source, mapping, text, name):
    """A summary of such rows."""
    path = source.folder / name
    cc.report(source.calls(mapping, text), by=("queue",)).save(path)
    return path


def test_a_summary_keeps_what_its_counts_tell(source):
    path = saved(source, HOURLY, ROWS, "s.parquet")
    direct, again = source.report(HOURLY, ROWS, by=("queue",)), cc.report(cc.merge(path), by=("queue",)).report
    assert again.calls == direct.calls
    assert codes(again) == codes(direct)
    with pytest.raises(UsageError, match="counts answers within 20 s, not within 25 s"):
        cc.service_level(cc.merge(path), within="25s")
    with pytest.raises(UsageError, match="rows hold 1 hour each, which intervals of 1h would cut in two"):
        cc.report(cc.merge(path, tz="Asia/Kolkata"), every="1h")
    import pyarrow.parquet as pq

    about = json.loads(pq.read_schema(path).metadata[b"cc_metrics"])
    assert about["schema"] == "cc-metrics/summary/2"  # no older version reads thresholds that were not counted
    assert about["recorded"]["answered"] == [40]


def test_summaries_merged_keep_the_thresholds_of_both(source):
    only = HOURLY.split('[[intervals.groups]]\nqueue = { always = "service" }')[0]
    first = saved(source, only, ROWS, "first.parquet")
    others = only.replace("10s", "15s")
    later = saved(source, others, ROWS.replace("03.03.", "04.03."), "later.parquet")
    merged = cc.merge([first, later])
    [row] = cc.service_level(merged, within="60s", formula="answered_only").to_dict("records")
    assert (row["answered_within"], row["answered"]) == (12, 14)
    for within in ("10s", "15s"):
        with pytest.raises(UsageError, match="within 20 and 60 s, not within"):
            cc.service_level(merged, within=within)


def test_what_merged_calls_know_of_themselves_alone_is_not_the_whole(source):
    """Calls know transfers, holds and the longest wait; counts of all handling beside them do not."""
    head = "call_id,offered_at,outcome,wait_ms,talk_ms,hold_ms,wrap_ms,transferred\n"
    path = source.folder / "calls.csv"
    path.write_text(f"{head}1,2025-03-08 10:00:00,answered,5000,60000,10000,20000,true\n", "utf-8")
    cc.report(cc.read_calls(path, tz="America/New_York")).save(source.folder / "calls.parquet")
    merged = cc.merge([saved(source, DAILY, DAYS, "counts.parquet"), source.folder / "calls.parquet"])
    [row] = cc.report(merged).report.total
    assert row["mean_handle_s"] == (70 * 60 + 90) / 15
    parts = ("mean_talk_s", "mean_hold_s", "mean_wrap_s", "under_10_s", "transferred")
    assert [row[name] for name in (*parts, "longest_wait_s", "longest_abandoned_s")] == [None] * 7


def test_calls_and_counts_merge_but_not_of_one_hour(source):
    head = "call_id,offered_at,outcome,wait_ms,queue\n"
    for name, clock in (("inside", "02:40"), ("after", "03:10")):
        path = source.folder / f"{name}.csv"
        path.write_text(f"{head}1,2025-03-03 {clock}:00,answered,5000,sales\n", "utf-8")
        cc.report(cc.read_calls(path, tz="Europe/Berlin")).save(source.folder / f"{name}.parquet")
    counts = saved(source, HOURLY, ROWS, "counts.parquet")
    merged = cc.report(cc.merge([counts, source.folder / "after.parquet"])).report
    assert merged.total[0]["offered"] == 26
    assert merged.total[0]["p50_wait_s"] is None
    for order in ([counts, source.folder / "inside.parquet"], [source.folder / "inside.parquet", counts]):
        with pytest.raises(DataError, match="overlaps another one"):
            cc.report(cc.merge(order))


# mappings


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (('abandoned = "t_lost"\n', ""), "three are needed (offered, abandoned missing)"),
        (('length = "1h"', 'length = "2h"'), "length must be 15m, 30m, 1h or 1d"),
        (("10s =", "1500ms ="), "'1500ms' is not a whole number of seconds"),
        (("10s =", "soon ="), "'soon' is not a length of time"),
        (('t_lost"', 't_lost"\nanswred = "x"'), "'answred' is not a key"),
        (("always = 0", "always = -1"), "always must be a whole number"),
        (("always = 0", 'percent = "p"'), "needs a column and what it is a percent of"),
        (("always = 0", 'percent = "p", of = "offered"'), "offered is no count that the rows hold"),
        (("[intervals]\n", '[intervals]\nedge = ">"\n'), "edge must be '<=' or '<'"),
        (("[intervals]\n", "[intervals]\nempty = 1\n"), "empty must be 0"),
        (("answered_within =", 'buckets = { 5s = "x" }\nanswered_within ='), "both buckets and answered_within"),
        (('start = { column = "hour", format = "%d.%m.%Y %H:%M" }\n', ""), "names no start"),
        (('= "t_ok"', '= "t_ok"\nmean_hold = "h"\ntotal_handle = "t"'), "has handle beside a part of it"),
        (('name = "switch"', 'name = "switch"\n[calls]\ncall_id = "id"\n'), "[calls] cannot stand beside [intervals]"),
    ],
)
def test_mappings_that_cannot_be_followed(changed, said):
    with pytest.raises(PolicyError) as error:
        parsed(HOURLY.replace(*changed, 1))
    assert said in str(error.value)


def test_a_column_that_is_not_there_is_named(source):
    with pytest.raises(DataError, match="there is no column 's_out'"):
        source.report(HOURLY, ROWS.replace("s_out", "s_gone"))


def test_tables_of_a_notebook(source):
    import pandas as pd

    source.write(DAILY, "")
    frame = pd.read_csv(source.write(DAILY, DAYS), dtype={"SL": str})
    calls = cc.read_calls(frame, mapping=str(source.folder / "own.toml"))
    assert cc.report(calls, every="1d").report.calls == source.report(DAILY, DAYS, every="1d").calls


HANDLED = """
name = "handled"
timezone = "UTC"
[intervals]
start = "at"
length = "30m"
answered = "n"
abandoned = "lost"
offered = "all"
answered_within = { 20s = { share = "level", of = "offered" } }
total_wait = { column = "waits", unit = "clock" }
mean_talk = { column = "talk", unit = "s" }
mean_hold = { column = "hold", unit = "s" }
total_wrap = { column = "wrap", unit = "s" }
"""


def test_shares_clocks_and_the_parts_of_handling(source):
    text = "at,all,n,lost,level,waits,talk,hold,wrap\n2025-03-03 09:00:00,9,8,1,0.667,00:01:20,100,10,40\n"
    report = source.report(HANDLED, text + "2025-03-03 09:30:00,2,2,0,1,00:00:10,50,0,0\n")
    [row] = report.total
    assert (row["answered_within"], row["service_level"]) == (8, 8 / 11)  # 6 of 9 is printed 0.667
    assert row["mean_wait_s"] == 9
    assert (row["mean_talk_s"], row["mean_hold_s"], row["mean_wrap_s"]) == (90, 8, 4)
    assert row["mean_handle_s"] == 102
    assert [half["service_level"] for half in report.intervals] == [6 / 9, 1]
    assert "rounded_means" in codes(report)


def test_a_file_of_which_nothing_stands_says_why(source):
    calls = source.calls(DAILY.replace("%m/%d/%Y", "%Y-%m-%d"), DAYS)
    with pytest.raises(DataError, match=r"3 of 4 rows were rejected .* 3 start_at is not a time"):
        cc.report(calls)


COUNTED = """
name = "counted by us"
timezone = "Asia/Shanghai"
[intervals]
start = "start"
queue = "queue"
offered = "offered"
answered = "answered"
abandoned = "abandoned"
answered_within = { 20s = "answered_within" }
abandoned_within = { 5s = "short_abandoned", 20s = "abandoned_within" }
total_wait = { column = "waited", unit = "s" }
"""


def test_calls_counted_by_the_hour_say_the_same_as_the_calls(source):
    calls = cc.read_calls(HOTLINE, tz="Asia/Shanghai")
    hours = cc.service_level(calls, by=["queue"], every="1h").assign(queue=lambda table: table["queue"].fillna("-"))
    hours["waited"] = (hours["mean_wait_s"].fillna(0) * hours["answered"]).round(3)
    columns = ["start", "queue", "offered", "answered", "abandoned", "redirected"]
    columns += ["answered_within", "abandoned_within", "short_abandoned", "waited"]
    found = cc.service_level(source.calls(COUNTED, hours[columns].to_csv(index=False)), by=["queue"], every="1h")
    key = ["start", "queue"]
    pairs = list(zip(*(table.sort_values(key).to_dict("records") for table in (hours, found)), strict=True))
    assert len(pairs) > 100
    told = [*columns[:-1], "service_level", "denominator", "formulas", "connect_rate", "abandonment_rate"]
    for ours, theirs in pairs:
        late = ours["redirected"] > 0  # when they were redirected is not told
        for name in told:
            if not (late and name in ("service_level", "denominator", "formulas")):
                assert str(theirs[name]) == str(ours[name]), (name, ours, theirs)
        assert theirs["answered"] == 0 or abs(theirs["mean_wait_s"] - ours["mean_wait_s"]) < 1e-4
        assert not late or theirs["formulas"]["all_offered"] is None
    assert any(ours["redirected"] for ours, _ in pairs)


@pytest.mark.parametrize("day", ["03/09/2025", "11/02/2025"])
def test_a_daily_row_holds_its_day_whatever_the_clocks_do(source, day):
    mapping = DAILY.replace("[intervals]\n", '[intervals]\nlength = "1d"\n')
    report = source.report(mapping, DAYS.splitlines()[0] + f"\n{day},10,8,2,75.0,1,2,12.5,40\n")
    month, number, year = day.split("/")
    assert report.accounting.last.startswith(f"{year}-{month}-{number}T23:59:59.999")
    assert report.head.complete
