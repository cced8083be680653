"""The traps of the bank's columns, each on a row of its own: a mapping that does not mind one gives other figures."""

import pytest

import cc_metrics as cc
from cc_metrics.store import mapping_file

COLUMNS = (
    "vru+line call_id customer_id priority type date vru_entry vru_exit vru_time "
    "q_start q_exit q_time outcome ser_start ser_exit ser_time server"
)
ROWS = (
    "AA0101 100 111 2 PS 990103 8:59:50 9:00:10 20 9:00:10 9:00:30 20 AGENT 9:00:29 9:01:29 60 DORIT",
    "AA0101 101 0 0 PS 990103 9:05:08 9:05:05 -3 0:00:00 0:00:00 0 AGENT 9:05:05 9:06:05 60 NO_SERVER",  # never queued
    "AA0101 102 0 0 PS 990103 9:07:00 9:07:09 9 0:00:00 0:00:00 0 HANG 0:00:00 0:00:00 0 NO_SERVER",  # in the menu
    "AA0101 103 112 1 PS 990103 9:09:50 9:10:00 10 9:10:00 9:10:45 45 HANG 0:00:00 0:00:00 0 NO_SERVER",
    "AA0101 104 0 0 PS 990103 9:11:00 9:11:05 5 9:11:05 9:11:15 10 PHANTOM 0:00:00 0:00:00 0 NO_SERVER",
    "AA0101 105 113 0 PS 990104 0:29:50 0:30:00 10 0:00:00 0:00:12 12 HANG 0:00:00 0:00:00 0 NO_SERVER",  # midnight
    "AA0102 100 111 1 PS 990103 9:20:00 9:20:10 10 9:20:10 9:20:15 5 AGENT 9:20:15 9:21:15 60 DORIT",  # another line
    "AA0102 106 0 2 PS 990103 9:30:00 9:30:10 10 9:30:10 9:30:13 3 AGENT 9:30:13 9:31:13 60 DORIT",  # who is it?
)
BY_HAND = {
    ("1999-01-03T09:00:00+02:00", "VIP", "111"): (1, 1, 1),  # the day is written yymmdd
    ("1999-01-03T09:00:00+02:00", None, None): (1, 1, 1),
    ("1999-01-03T09:00:00+02:00", "ordinary", "112"): (1, 0, 0),
    ("1999-01-03T09:00:00+02:00", "ordinary", "111"): (1, 1, 1),
    ("1999-01-03T09:30:00+02:00", None, None): (1, 1, 1),
    ("1999-01-04T00:00:00+02:00", "ordinary", "113"): (1, 0, 0),
}
ACCOUNT = (8, 6, {"ghosts": 1, "hung up in the menu": 1}, {})
TRAPS = (
    ("midnight", '{ q_start = "0:00:00", q_time = "0" }', '{ q_start = "0:00:00" }'),
    ("midnight in the queue", '"HANG", q_start = "0:00:00", q_time = "0"', '"HANG", q_start = "0:00:00"'),
    ("no tier without a customer", 'when = { customer_id = "0" }', 'when = { customer_id = "?" }'),
    ("0 is nobody", 'customer_id = ["0"]', 'customer_id = ["?"]'),
    ("ghosts", 'when = { outcome = "PHANTOM" }', 'when = { outcome = "?" }'),
    ("ids of lines", '["date", "vru+line", "call_id"]', '["date", "call_id"]'),
    ("the menu before the queue", '["q_start", "vru_exit"]', '"vru_entry"'),
    ("the year first", "%y%m%d", "%d%m%y"),
    ("seconds", '"q_time", unit = "s"', '"q_time", unit = "min"'),
)


@pytest.fixture(name="export")
def _export(tmp_path):
    path = tmp_path / "january.txt"
    path.write_text("\r\n".join("\t".join(row.split()) for row in (COLUMNS, *ROWS)) + "\r\n", "ascii")
    return path


def told(export, mapping):
    calls = cc.read_calls(export, mapping=mapping, max_rejected=1)
    account = calls.accounting
    assert account.balanced
    rows = cc.service_level(calls, every="30m", by=["tier", "customer_id"])
    rows = rows.astype(object).where(rows.notna(), None).to_dict("records")
    counts = {
        (r["start"], r["tier"], r["customer_id"]): (r["offered"], r["answered"], r["answered_within"]) for r in rows
    }
    return (account.read, account.accepted, account.ignored, account.rejected), counts


def test_eight_rows_by_hand(export):
    assert told(export, "anonymous-bank") == (ACCOUNT, BY_HAND)


@pytest.mark.parametrize(("trap", "handled", "naive"), TRAPS, ids=[trap for trap, _, _ in TRAPS])
def test_a_mapping_that_does_not_mind_the_trap_gives_other_figures(export, trap, handled, naive, tmp_path):
    text = mapping_file.text("anonymous-bank")
    assert handled in text
    (tmp_path / "naive.toml").write_text(text.replace(handled, naive), "utf-8")
    assert told(export, str(tmp_path / "naive.toml")) != (ACCOUNT, BY_HAND)
