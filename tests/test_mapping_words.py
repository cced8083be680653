"""What mappings say in conditions, rules, sums and moments after moments, each worked out by hand."""

import duckdb
import pytest

import cc_metrics as cc
from cc_metrics.errors import DataError, PolicyError, UsageError
from cc_metrics.store import mapping_file
from test_mapping import HEAD, IDS, figures, read

__all__ = ["read"]

AT = "2013-08-20 09:00:00"
TYPED = '[calls]\ncall_id = "id"\noffered_at = "at"\noutcome = "how"\n'


def outcomes(calls):
    row = figures(calls)
    return row["answered"], row["abandoned"], row["redirected"]


@pytest.mark.parametrize(
    ("test", "ignored"),
    [
        ('"A"', "a"),
        ('["A", ""]', "ae"),
        ('{ not = "A" }', "bcdefg"),
        ('{ not = ["A", ""] }', "bcdfg"),
        ("{ filled = true }", "abcdf"),
        ("{ filled = false }", "eg"),  # empty, or a null word
        ("{ least = 1 }", "cdf"),  # 1 is at least 1, 0.999999 is not; neither is a word, nor nothing
        ("{ least = 1.5 }", "df"),
        ('{ not = ["2"], filled = true }', "abcf"),
        ('{ least = 1, not = ["2"] }', "cf"),
    ],
)
def test_conditions(read, test, ignored):
    values = {"a": "A", "b": "0.999999", "c": "1", "d": "2", "e": "", "f": "１０", "g": "NULL"}
    text = "id,at,how,x\n" + "".join(f"{name},{AT},A,{value}\n" for name, value in values.items())
    top = f'nulls = ["NULL"]\n[[ignore]]\nname = "none of ours"\nwhen = {{ x = {test} }}'
    calls = read(text, IDS + 'offered_at = "at"', top)
    assert calls.accounting.ignored == {"none of ours": len(ignored)}
    assert calls.accounting.accepted == len(values) - len(ignored)


def test_conditions_of_typed_columns(tmp_path):
    with duckdb.connect() as engine:
        rows = "(1, 5), (2, 0), (3, NULL), (4, 1)"
        table = engine.sql(
            f"SELECT id, TIMESTAMP '{AT}' AS at, 'answered' AS how, n FROM (VALUES {rows}) t(id, n)"
        ).to_arrow_table()
    for test, ignored in {"{ least = 1 }": 2, "{ filled = false }": 1, '{ not = "0" }': 3, '"0"': 1}.items():
        (tmp_path / "made.toml").write_text(f'{HEAD}[[ignore]]\nname = "x"\nwhen = {{ n = {test} }}\n{TYPED}')
        calls = cc.read_calls(table, mapping=str(tmp_path / "made.toml"), max_rejected=1)
        assert calls.accounting.ignored == {"x": ignored}, test


def test_a_null_where_a_condition_holds_and_a_reason_of_its_own(read):
    text = f"id,at,how,talk,up\n1,{AT},A,-1,x\n2,{AT},A,5,\n3,{AT},A,-1,\n4,{AT},L,7,y\n"
    top = '[[null_when]]\ncolumn = "talk"\nwhen = { up = { filled = true } }\n'
    top += '[[reject]]\nname = "lost and answered"\nwhen = { how = "L", up = { filled = true } }'
    calls = read(text, IDS + 'offered_at = "at"\ntalk_ms = { column = "talk", unit = "s" }', top)
    assert calls.accounting.rejected == {"lost and answered": 1, "talk_ms is negative": 1}
    assert calls.accounting.accepted == 2


def test_a_rule_rejects_only_what_no_rule_ignores(read):
    text = f"id,at,how\n1,{AT},A\n2,{AT},L\n"
    top = '[[reject]]\nname = "refused"\nwhen = { how = { filled = true } }\n'
    top += '[[ignore]]\nname = "test"\nwhen = { how = "L" }'
    account = read(text, IDS + 'offered_at = "at"', top).accounting
    assert (account.ignored, account.rejected) == ({"test": 1}, {"refused": 1})


def test_the_first_rule_that_fits_decides(read):
    text = f"id,at,up,left\n1,{AT},09:00:05,x\n2,{AT},,x\n3,{AT},,\n4,{AT},09:00:07,\n"
    rules = """
[[calls.outcome.rules]]
value = "answered"
when = { up = { filled = true } }
[[calls.outcome.rules]]
value = "abandoned"
when = { left = { filled = true } }
[[calls.queue.rules]]
value = "late"
when = { left = "x" }
"""
    calls = read(text, 'call_id = "id"\noffered_at = "at"' + rules)
    assert outcomes(calls) == (2, 1, 0)
    assert calls.accounting.rejected == {"unknown outcome": 1}
    rows = cc.service_level(calls, by=["queue"])
    assert dict(zip(rows["queue"].fillna("-"), rows["offered"], strict=True)) == {"late": 2, "-": 1}


def test_a_moment_after_another_starts_the_wait(read):
    text = "id,at,how,menu,up\n"
    text += "1,2013-08-20 09:29:59,A,00:00:01,2013-08-20 09:30:20\n"  # in the queue at 9:30:00
    text += "2,2013-08-20 09:29:59,A,00:00:00,2013-08-20 09:30:20\n"
    text += "3,2013-08-20 09:29:59,A,,2013-08-20 09:30:20\n"
    text += "4,2013-08-20 09:29:59,A,soon,2013-08-20 09:30:20\n"
    text += "5,2013-08-20 09:29:59,A,-0:00:01,2013-08-20 09:30:20\n"
    text += "6,2013-08-20 09:29:59,A,0:01:00,2013-08-20 09:30:20\n"
    text += "7,2013-08-20 09:29:59,A,25:00:00,2013-08-20 09:30:20\n"
    text += "8,2013-08-20 09:29:59,A,99999999999999:00:00,2013-08-20 09:30:20\n"
    moment = 'offered_at = { column = "at", plus = { column = "menu", unit = "clock" } }\n'
    wait = 'wait_ms = { until = { column = "up" } }'
    calls = read(text, IDS + moment + wait)
    assert calls.accounting.rejected == {
        "no offered_at": 1,
        "what is added to offered_at is not a length of time": 2,
        "what is added to offered_at is negative": 1,
        "what is added to offered_at is longer than 24 hours": 1,
        "wait_ms: an end before its start": 1,
    }
    rows = cc.service_level(calls, within="20s", every="30m").set_index("start")
    assert rows.loc["2013-08-20T09:30:00", ["offered", "answered_within"]].tolist() == [1, 1]
    assert rows.loc["2013-08-20T09:00:00", ["offered", "answered_within"]].tolist() == [1, 0]
    calls = read(text, IDS + moment.replace('"clock"', '"clock", empty = "0"') + wait)
    assert "no offered_at" not in calls.accounting.rejected
    assert figures(calls)["offered"] == 3


def test_a_menu_across_a_clock_change(read):
    """The length passes on every clock: 1:55 in Berlin and ten minutes are 3:05 on the day that skips an hour."""
    text = "id,at,how,menu\n1,2026-03-29 01:55:00,A,600\n2,2026-03-29 04:00:00,A,0\n"
    spec = IDS + 'offered_at = { column = "at", plus = { column = "menu", unit = "s" } }'
    calls = read(text, spec, tz="Europe/Berlin")
    starts = cc.service_level(calls, every="30m")["start"].tolist()
    assert starts == ["2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"]
    assert not [w for w in cc.report(calls).report.warnings if w.code == "missing_hour"]


def test_sums_and_differences(read):
    text = "id,at,how,queue,ring,all,held\n"
    text += f"1,{AT},A,0:15,0:05,1:40,0:40\n"  # 20 s, 60 s
    text += f"2,{AT},A,0:15,0:05.001,1:40,1:40\n"  # 20.001 s, 0 s
    text += f"3,{AT},A,0:15,,1:40,0:00\n"  # unknown
    text += f"4,{AT},A,0:15,0:05,0:40,0:40.001\n"  # below zero
    text += f"5,{AT},A,0:15,-0:00.001,1:00,0:00\n"  # a part below zero
    text += f"6,{AT},A,0:15,0:05,1:00,soon\n"
    wait = 'wait_ms = { column = "queue", plus = ["ring"], unit = "clock" }\n'
    talk = 'talk_ms = { column = "all", less = "held", unit = "clock" }\n'
    calls = read(text, IDS + 'offered_at = "at"\n' + wait + talk)
    assert calls.accounting.rejected == {
        "no wait_ms": 1,
        "talk_ms is negative": 1,
        "wait_ms is negative": 1,
        "talk_ms is not a length of time": 1,
    }
    row = figures(calls)
    assert (row["answered_within"], row["longest_wait_s"], row["mean_talk_s"]) == (1, 20.001, 30)
    calls = read(text, IDS + 'offered_at = "at"\n' + wait.replace("unit", 'empty = "0", unit'))
    assert (figures(calls)["offered"], figures(calls)["mean_wait_s"]) == (5, pytest.approx((20 + 20.001 + 15 + 40) / 5))


def test_sums_of_typed_columns(tmp_path):
    with duckdb.connect() as engine:
        rows = "(1, 15, 5), (2, 20, NULL), (3, 5, -1), (4, 9000000000000000, 9000000000000000)"
        table = engine.sql(
            f"SELECT id, TIMESTAMP '{AT}' AS at, 'answered' AS how, q, r FROM (VALUES {rows}) t(id, q, r)"
        ).to_arrow_table()
    (tmp_path / "made.toml").write_text(f'{HEAD}{TYPED}talk_ms = {{ column = "q", plus = "r", unit = "s" }}')
    calls = cc.read_calls(table, mapping=str(tmp_path / "made.toml"), max_rejected=1)
    assert calls.accounting.rejected == {"talk_ms is negative": 1, "talk_ms is not a length of time": 1}
    assert figures(calls)["mean_talk_s"] == 20


def test_what_is_taken_off_is_rounded_down_so_that_late_is_never_early(read):
    text = f"id,at,how,all,talk\n1,{AT},A,30.0005,10.0004\n"
    calls = read(text, IDS + 'offered_at = "at"\nwait_ms = { column = "all", less = "talk", unit = "s" }')
    assert figures(calls)["longest_wait_s"] == 20.001


def test_no_beginning_is_unknown_and_an_unreadable_one_is_refused(read):
    text = f"id,at,how,up,down\n1,{AT},A,2013-08-20 09:00:10,2013-08-20 09:01:10\n2,{AT},L,,2013-08-20 09:00:10\n"
    text += f"3,{AT},A,2013-08-20 09:00:10,\n4,{AT},A,soon,2013-08-20 09:00:10\n5,{AT},A,2013-08-20 09:00:10,soon\n"
    calls = read(text, IDS + 'offered_at = "at"\ntalk_ms = { from = { column = "up" }, until = { column = "down" } }')
    assert calls.accounting.rejected == {"talk_ms is not a length of time": 2}
    assert (outcomes(calls), figures(calls)["mean_talk_s"]) == ((2, 1, 0), 60)


@pytest.mark.parametrize(
    ("written", "start"),
    [
        ("2013/8/31 9:05", "2013-08-31T09:00:00+08:00"),
        ("2013/8/31 9:35:07", "2013-08-31T09:30:00+08:00"),
        ("2013-8-1 9:05", "2013-08-01T09:00:00+08:00"),
        ("2013年8月31日 9:05", "2013-08-31T09:00:00+08:00"),
        ("2013年08月31日 09:35:59", "2013-08-31T09:30:00+08:00"),
        ("2013年8月31日9时5分", "2013-08-31T09:00:00+08:00"),
        ("２０１３／８／３１　９：０５", "2013-08-31T09:00:00+08:00"),
        ("8/31/2013 9:05", None),  # the order of day and month is never guessed
        ("31.8.2013 9:05", None),
        ("2013/8/31", None),
        ("2013年8月31日", None),
        ("2013年13月31日 9:05", None),
    ],
)
def test_times_with_the_year_first_need_no_format(read, written, start):
    spec = IDS + 'offered_at = "at"'
    calls = read(f"id,at,how\n1,{written},A\n2,2013-08-20 09:00:00,A\n", spec, tz="Asia/Shanghai")
    starts = cc.service_level(calls, every="30m")["start"].tolist()
    assert [s for s in starts if "08-20" not in s] == ([start] if start else [])
    assert calls.accounting.rejected == ({} if start else {"offered_at is not a time": 1})


def test_clocks_in_utc_need_a_zone_to_report_in(read):
    spec = IDS + 'offered_at = { column = "at", format = "utc" }'
    calls = read("id,at,how\n1,2026-03-29 00:55:00.500,A\n2,2026-03-29 01:05,A\n", spec, tz="Europe/Berlin")
    starts = cc.service_level(calls, every="30m")["start"].tolist()
    assert starts == ["2026-03-29T01:30:00+01:00", "2026-03-29T03:00:00+02:00"]
    with pytest.raises(UsageError, match="no reporting zone is named"):
        read("id,at,how\n1,2026-03-29 00:55:00,A\n", spec).accounting  # noqa: B018


def test_named_formats_take_one_digit(read):
    spec = IDS + 'offered_at = { column = "at", format = "%m/%d/%Y %H:%M" }'
    calls = read("id,at,how\n1,8/3/2013 9:05,A\n", spec)
    assert cc.service_level(calls, every="30m")["start"].tolist() == ["2013-08-03T09:00:00"]


def test_full_width_numbers_and_ids(read):
    text = f"id,at,how,wait,who,tier\nＡ１,{AT},A,２０．０,１３８,ＶＩＰ\nA1,{AT},A,20,138,VIP\nA2,{AT},A,：,138,VIP\n"
    spec = IDS + 'offered_at = "at"\nwait_ms = { column = "wait", unit = "s" }\ncustomer_id = "who"\ntier = "tier"'
    calls = read(text, spec)
    assert calls.accounting.rejected == {"conflicting rows of one call_id": 1, "wait_ms is not a length of time": 1}
    assert figures(calls)["answered_within"] == 1
    row = cc.service_level(calls, by=["tier", "customer_id"]).iloc[0]
    assert (row["customer_id"], row["tier"] in ("ＶＩＰ", "VIP")) == ("138", True)


def test_what_a_mapping_is_called_changes_nothing(tmp_path):
    """Columns with the canonical names are taken as they are; a mapping may bear any name."""
    (tmp_path / "calls.csv").write_text(f"id,at,how,wait\nＡ１,{AT},A,２０．０\n", "utf-8")
    entries = f'{IDS}offered_at = "at"\nwait_ms = {{ column = "wait", unit = "s" }}\n'
    (tmp_path / "made.toml").write_text(f'name = "canonical"\n[calls]\n{entries}', "utf-8")
    calls = cc.read_calls(tmp_path / "calls.csv", mapping=str(tmp_path / "made.toml"))
    assert figures(calls)["answered_within"] == 1


@pytest.mark.parametrize("unit", ["s", "clock", "min"])
def test_a_length_beyond_any_clock_rejects_its_row_alone(read, unit):
    huge = "99999999999999999" + (":00:00" if unit == "clock" else "")
    text = f"id,at,how,wait\n1,{AT},A,{huge}\n2,{AT},A,1\n"
    calls = read(text, IDS + f'offered_at = "at"\nwait_ms = {{ column = "wait", unit = "{unit}" }}')
    assert calls.accounting.rejected == {"wait_ms is not a length of time": 1}
    text = "id,at,how\n1,99999999999999999,A\n2,1376960700,A\n"
    calls = read(text, IDS + 'offered_at = { column = "at", format = "epoch_s" }', tz="UTC")
    assert calls.accounting.rejected == {"offered_at is not a time": 1}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("when = { x = [] }", "[[ignore]] when: x names no value"),
        ("when = { x = {} }", "[[ignore]] when: x asks nothing"),
        ("when = { x = { most = 1 } }", "'most' is not a key"),
        ('when = { x = { filled = "yes" } }', "filled must be true or false"),
        ('when = { x = { least = "1" } }', "least must be a number"),
        ("when = { x = { least = true } }", "least must be a number"),
        ("when = { x = { least = inf } }", "least must be a number"),
        ("when = { x = { least = nan } }", "least must be a number"),
        ("when = { x = { least = 1e30 } }", "least must be a number"),
        ("when = { x = 1 }", "must be a string or an array of strings"),
    ],
)
def test_conditions_that_ask_nothing_known(line, sentence):
    with pytest.raises(PolicyError) as raised:
        mapping_file.parse(f'[[ignore]]\nname = "n"\n{line}\n[calls]\ncall_id = "a"\n', "made.toml")
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('outcome = { column = "a", rules = [{ value = "b", when = { c = "d" } }] }', "names a column and rules"),
        ('outcome = { always = "a", rules = [{ value = "b", when = { c = "d" } }] }', "what is always there and rules"),
        ('outcome = { rules = [{ value = "b" }] }', "a rule needs a value and a condition 'when'"),
        ("outcome = { rules = [] }", "outcome names no column"),
        (
            'offered_at = { column = "a", plus = { until = { column = "b" } } }',
            "plus must be a length that columns hold",
        ),
        ('offered_at = { column = "a", plus = "b" }', "plus must be a table"),
        ('wait_ms = { plus = "b" }', "[calls] wait_ms names no column"),
        ('wait_ms = { until = { column = "b" }, less = "c" }', "'less' is not a key"),
    ],
)
def test_entries_that_say_too_much_or_too_little(entry, sentence):
    with pytest.raises(PolicyError) as raised:
        mapping_file.parse(f"[calls]\n{entry}\n", "made.toml")
    assert sentence in str(raised.value)


def test_a_month_without_the_column_of_a_rule_has_nothing_recorded(tmp_path):
    (tmp_path / "1.csv").write_text(f"id,at,how,kind\n1,{AT},answered,x\n")
    (tmp_path / "2.csv").write_text(f"id,at,how\n2,{AT},answered\n")
    rules = 'queue = { rules = [{ value = "one", when = { kind = "x" } }] }'
    (tmp_path / "made.toml").write_text(f"{HEAD}{TYPED}{rules}")
    rows = cc.service_level(cc.read_calls(tmp_path, mapping=str(tmp_path / "made.toml")), by=["queue"])
    assert dict(zip(rows["queue"].fillna("-"), rows["offered"], strict=True)) == {"one": 1, "-": 1}


def test_rules_and_lengths_name_columns_that_must_be_there(read):
    text = f"id,at,how,up\n1,{AT},A,\n"
    with pytest.raises(DataError, match="there is no column 'menu'"):
        read(text, IDS + 'offered_at = { column = "at", plus = { column = "menu", unit = "s" } }').accounting  # noqa: B018
    rules = 'outcome = { rules = [{ value = "answered", when = { upp = { filled = true } } }] }'
    with pytest.raises(DataError, match=r"there is no column 'upp'\n  hint: did you mean 'up'"):
        read(text, f'call_id = "id"\noffered_at = "at"\n{rules}').accounting  # noqa: B018
