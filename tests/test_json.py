"""Nested JSON: every layout gives the same figures, what is damaged is refused by its line, paths are checked."""

import gzip
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cc_metrics as cc
from cc_metrics.errors import DataError, PolicyError, UsageError
from cc_metrics.store import json_lines, json_names, json_paths, mapping_file
from cli_fixture import run

SAMPLES = Path(__file__).parent / "samples"
REAL = Path(__file__).parents[2] / "shared" / "data" / "amazon-connect-ctr" / "ctr_inbound_2022-04-08.json"
ZONE = ("--tz", "UTC")
CONTACTS = (SAMPLES / "amazon-connect" / "contacts.jsonl").read_text("utf-8").splitlines()
RECORDS = [json.loads(line) for line in CONTACTS[:-1]]  # the last is cut short

LAYOUTS = {
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "lines of Windows": "\r\n".join(map(json.dumps, RECORDS)) + "\r\n",
    "lines with blank ones": "\n\n" + "\n\n".join(map(json.dumps, RECORDS)) + "\n\n",
    "one after another": "".join(map(json.dumps, RECORDS)),
    "written pretty": "\n".join(json.dumps(r, indent=2) for r in RECORDS),
    "an array": json.dumps(RECORDS),
    "an array written pretty": json.dumps(RECORDS, indent=4),
    "an array of lines": "[\n" + ",\n".join(map(json.dumps, RECORDS)) + "\n]\n",
    "a list in an answer": json.dumps(
        {"paging": {"Records": "none"}, "more": [{"x": [{}]}], "Records": RECORDS, "n": [1]}
    ),
    "answers in lines": "\n".join(json.dumps({"Records": r, "next": None}) for r in (RECORDS[:5], RECORDS[5:])),
}


def figures(calls):
    level = cc.service_level(calls, within="20s", by=["queue", "tier"])
    return calls.accounting.ignored, calls.accounting.rejected, level.drop(columns="formulas").to_csv()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "contacts.jsonl"
    path.write_text(LAYOUTS["lines"], "utf-8")
    return figures(cc.read_calls(path, mapping="amazon-connect", tz="UTC", max_rejected=1))


@pytest.fixture
def with_records(tmp_path):
    """The mapping of contact records, told where an answer holds them."""
    text = mapping_file.text("amazon-connect").replace('form = "json"', 'form = "json"\nrecords = "Records"')
    (tmp_path / "made.toml").write_text(text, "utf-8")
    return str(tmp_path / "made.toml")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_gives_the_same(layout, expected, with_records, tmp_path):
    path = tmp_path / "contacts.json"
    path.write_bytes(LAYOUTS[layout].encode())
    assert figures(cc.read_calls(path, mapping=with_records, tz="UTC", max_rejected=1)) == expected


@pytest.mark.parametrize("layout", ["lines", "an array written pretty"])
@pytest.mark.parametrize("packing", ["gzip", "zstd", "UTF-16", "a byte order mark"])
def test_every_packing_gives_the_same(layout, packing, expected, tmp_path):
    text = LAYOUTS[layout]
    path = tmp_path / "contacts.json"
    if packing == "zstd":
        with pa.output_stream(str(path), compression="zstd") as out:
            out.write(text.encode())
    else:
        path.write_bytes(
            {
                "gzip": gzip.compress(text.encode()),
                "UTF-16": text.encode("utf-16"),
                "a byte order mark": text.encode("utf-8-sig"),
            }[packing]
        )
    assert figures(cc.read_calls(path, mapping="amazon-connect", tz="UTC", max_rejected=1)) == expected


def test_the_real_record():
    """7 s in the queue, of 71 s from its beginning to the agent; 33 s of talk, none on hold, 32 s after it."""
    if not REAL.exists():
        pytest.skip("../shared/data/amazon-connect-ctr is absent")
    calls = cc.read_calls(REAL, mapping="amazon-connect", tz="UTC")
    [row] = cc.service_level(calls, within="20s").to_dict("records")
    assert (row["answered"], row["mean_wait_s"], row["mean_handle_s"]) == (1, 7, 65)
    assert (row["mean_talk_s"], row["mean_hold_s"], row["mean_wrap_s"]) == (33, 0, 32)


@pytest.mark.parametrize("turn", [1, -1])
def test_a_record_delivered_in_two_files_counts_once(turn, tmp_path):
    """The state of the greatest LastUpdateTimestamp is kept, whichever file comes first."""
    for name, line in zip("ab"[::turn], CONTACTS[:2], strict=True):
        (tmp_path / f"{name}.json").write_text(line + "\n" + CONTACTS[4], "utf-8")
    calls = cc.read_calls(tmp_path, mapping="amazon-connect", tz="UTC", max_rejected=1)
    assert (calls.accounting.read, calls.accounting.accepted) == (4, 2)
    assert calls.accounting.ignored == {"duplicate": 1, "earlier state": 1}
    assert not calls.accounting.rejected
    rows = cc.service_level(calls, within="20s", by=["tier"]).set_index("tier")
    assert rows.loc["vip", ["answered", "mean_wrap_s"]].tolist() == [1, 30]


def test_transfers_stay_answered():
    calls = cc.read_calls(SAMPLES / "amazon-connect", mapping="amazon-connect", tz="UTC", max_rejected=1)
    rows = cc.service_level(calls, within="20s", by=["queue"]).set_index(["queue", "channel"])
    assert rows.loc[("Billing", "voice"), ["answered", "transferred"]].tolist() == [2, 1]
    assert ("Sales", "voice") not in rows.index  # the leg that it was handed to is part of it


def test_visits_belong_to_the_agents_who_answered_them():
    """One conversation went through three queues while one agent still waited for another; worked out by hand."""
    calls = cc.read_calls(SAMPLES / "genesys-cloud", mapping="genesys-cloud", tz="UTC", max_rejected=1)
    rows = cc.service_level(calls, within="20s", by=["conversationId", "queue", "agent_id"])
    rows = rows[rows["conversationId"].isin(["c02", "c05", "c06"])].sort_values("mean_wait_s")
    told = rows[["conversationId", "queue", "agent_id", "mean_talk_s", "transferred"]]
    told = told.astype(object).where(told.notna(), None).to_numpy().tolist()
    assert told == [
        ["c06", "Billing", "ben", 20, 0],
        ["c05", "Billing", "ana", 60, 1],  # 50 s and 70 s, after 5 s and 7 s
        ["c02", "Billing", "ana", 60, 0],
        ["c05", "Sales", "cai", 100, 1],
        ["c06", "Billing", None, None, None],  # flowed out
    ]


def test_bad_lines_are_refused_with_their_numbers(tmp_path):
    good = json.dumps(RECORDS[0]).encode()
    lines = [
        good,
        b'{"ContactId": "x"',
        b"[1, 2]",
        b"",
        b"5",
        b'{"ContactId": "\xff"}',
        b'{"a": "' + b"x" * 2_000_001 + b'"}',
    ]
    path, listed = tmp_path / "contacts.jsonl", tmp_path / "refused.csv"
    path.write_bytes(b"\n".join([*[good] * 6, *lines]))
    done = run(
        "check", str(path), "--mapping", "amazon-connect", "--rejected", str(listed), "--max-rejected", "100%", *ZONE
    )
    assert done.code == 0, done.err
    table = [row.split(",", 3) for row in listed.read_text("utf-8").splitlines()[1:]]
    assert [(row[1], row[2]) for row in table] == [
        ("8", "not valid JSON"),
        ("9", "not valid JSON"),
        ("11", "not valid JSON"),
        ("12", "undecodable bytes"),
        ("13", "line too long"),
    ]
    assert '{""ContactId"": ""x""' in table[0][3]


def test_lines_of_visits_are_those_of_their_conversations(tmp_path):
    conversations = json.loads((SAMPLES / "genesys-cloud" / "conversations.json").read_text("utf-8"))["conversations"]
    path, late, refused = tmp_path / "c.jsonl", tmp_path / "late.csv", tmp_path / "refused.csv"
    path.write_text("broken\n\n" + "\n".join(map(json.dumps, conversations)), "utf-8")
    done = run(
        *("report", str(path), "--mapping", "genesys-cloud", "--tz", "UTC", "--max-rejected", "100%"),
        *("--late", str(late), "--rejected", str(refused)),
    )
    assert done.code == 0, done.err
    lines = [row.split(",")[1:3] for row in late.read_text("utf-8").splitlines()[1:]]
    assert ["7", "c05|v06"] in lines  # the fifth conversation stands in the seventh line
    assert ["8", "c06|v08"] in lines
    rows = [row.split(",")[1:3] for row in refused.read_text("utf-8").splitlines()[1:]]
    assert rows == [["1", "not valid JSON"], ["13", "unknown outcome"]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps(RECORDS)[:-20], "ends in the middle of record 13"),
        (json.dumps(RECORDS).replace('"Channel":', '"Channel:', 1), "ends in the middle of record"),
        (json.dumps([*RECORDS[:2], 5]), "holds something beside its JSON records"),
        (json.dumps({"Contacts": RECORDS}), "no record has 'ContactId'"),
        ('{"Records": []}', "holds no JSON records"),
        ("[]", "holds no JSON records"),
        (" \n", "is empty"),
    ],
)
def test_what_is_no_json_is_told_in_a_sentence(text, said, with_records, tmp_path):
    (tmp_path / "contacts.json").write_text(text, "utf-8")
    with pytest.raises(DataError, match=said) as error:
        cc.read_calls(tmp_path / "contacts.json", mapping=with_records, tz="UTC").accounting  # noqa: B018
    assert error.value.where == str(tmp_path / "contacts.json")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith("cc-metrics")] == []


def test_canonical_names_need_no_mapping(tmp_path):
    """Numbers are read as they are written, null and an empty text are nothing, keys come and go."""
    rows = [
        {"call_id": 1, "offered_at": "2026-03-02T09:00:00", "outcome": "answered", "wait_ms": 20000, "queue": "a"},
        {"call_id": 2, "offered_at": "2026-03-02T09:01:00", "outcome": "answered", "wait_ms": 20000.5, "queue": None},
        {"call_id": "3", "offered_at": "2026-03-02T09:02:00", "outcome": "abandoned", "wait_ms": "3000", "queue": ""},
        {"call_id": None, "offered_at": "2026-03-02T09:03:00", "outcome": "abandoned", "wait_ms": 1, "extra": {"a": 1}},
        {"outcome": "answered", "wait_ms": 7, "transferred": True, "offered_at": "2026-03-02T09:04:00", "call_id": 5},
    ]
    (tmp_path / "calls.ndjson").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    calls = cc.read_calls(tmp_path, max_rejected=1)
    assert calls.accounting.rejected == {"no call_id": 1}
    level = cc.service_level(calls, within="20s", by=["queue"]).set_index("queue")
    assert level.loc["a", ["answered", "answered_within"]].tolist() == [1, 1]
    assert level["offered"].tolist() == [1, 3]
    assert level["transferred"].sum() == 1
    by = cc.service_level(calls, within="20s", by=["extra.a"])
    assert by["offered"].tolist() == [4]  # the only row that has it is rejected


def test_without_the_columns_of_calls_it_says_so(tmp_path):
    (tmp_path / "x.json").write_text('{"id": 1}\n{"id": 2}\n', "utf-8")
    with pytest.raises(DataError, match="its columns fit no known format"):
        cc.read_calls(tmp_path / "x.json").accounting  # noqa: B018


def test_a_column_that_no_record_has_is_no_dimension():
    calls = cc.read_calls(SAMPLES / "amazon-connect", mapping="amazon-connect", tz="UTC", max_rejected=1)
    with pytest.raises(UsageError, match=r"there is no column 'Attributes.tear'"):
        cc.service_level(calls, within="20s", by=["Attributes.tear"])
    rows = cc.service_level(calls, within="20s", by=["Attributes.tier"])
    assert "vip" in set(rows["Attributes.tier"])
    with pytest.raises(PolicyError, match="is no path into JSON"):
        cc.service_level(calls, within="20s", by=["Attributes..tier"])


def test_a_night_of_changing_clocks(tmp_path):
    """In Berlin 01:59:59 is followed by 03:00:00 on 29 March 2026."""
    records = []
    for number, at in enumerate(["2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"]):
        queue = {"Name": "q", "EnqueueTimestamp": at, "DequeueTimestamp": at, "Duration": number}
        records.append({"ContactId": str(number), "Channel": "VOICE", "InitiationMethod": "INBOUND", "Queue": queue})
    (tmp_path / "c.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    calls = cc.read_calls(tmp_path / "c.jsonl", mapping="amazon-connect", tz="Europe/Berlin")
    rows = cc.service_level(calls, within="20s", every="30m")
    offered = rows[rows["offered"] > 0].set_index("start")["offered"].to_dict()
    assert offered == {"2026-03-29T01:30:00+01:00": 1, "2026-03-29T03:00:00+02:00": 1}


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(alphabet='a"\\{}[],é \n', max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='ab"\\[{', max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)
OBJECTS = st.lists(st.dictionaries(st.text(max_size=3), VALUES, max_size=3), min_size=1, max_size=5)


@settings(deadline=None, max_examples=30)
@given(records=OBJECTS, block=st.integers(1, 40), indent=st.sampled_from([None, 1]), plain=st.booleans())
def test_splitting_finds_every_record_whatever_the_blocks(records, block, indent, plain):
    texts = {
        None: "".join(json.dumps(r, indent=indent, ensure_ascii=plain) for r in records),
        "array": json.dumps(records, indent=indent, ensure_ascii=plain),
        "rows": json.dumps(
            {"x": [[{}]], "y": {"z": {}}, "rows": records, "w": [{}]}, indent=indent, ensure_ascii=plain
        ),
    }
    before = json_lines._BLOCK
    json_lines._BLOCK = block
    try:
        for kind, text in texts.items():
            splitter = json_lines.Splitter(text.encode(), "rows" if kind == "rows" else None, "made")
            lines = b"".join(splitter.parts(io.BytesIO(text.encode()))).split(b"\n")
            assert [json.loads(line) for line in lines if line] == records
            assert splitter.records == len(records) == len(lines) - 1
    finally:
        json_lines._BLOCK = before


@pytest.mark.parametrize("written", ["", ".", "a.", "a..b", "a[b", "a[=b]", "a[b=]", "a]b", 'a"b"c', "a[0]b"])
def test_what_is_no_path(written):
    with pytest.raises(PolicyError):
        json_paths.parse(written)


def test_names_are_paths_that_can_be_asked_for():
    record = {"a": {"b.c": 1, "d": {"e": None}}, "f": [], "g": {}}
    names = json_names.seen(json.dumps(record).encode())
    assert names == ('a."b.c"', "a.d.e", "f", "g")
    assert json_paths.parse(names[0]).keys == ("a", "b.c")


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ('form = "yaml"', "'yaml' is not a form"),
        ('form = "json"\n[file.rows]\nvisit = "sessions"', "names no list"),
        ('form = "json"\n[file.rows]\na = "list[]"\nb = "other[]"', "must be a list of a"),
        ('form = "json"\n[file.beside]\nlevels = { a = "x[]" }', "needs \\[file.rows\\]"),
        (
            'form = "json"\n[file.rows]\na = "x[]"\n[file.beside]\nlevels = { a = "x[]" }\nsame = {}',
            "is the name of a row",
        ),
        (
            'form = "json"\n[file.rows]\na = "x[]"\n[file.beside]\nlevels = { b = "x[]" }\nwhen = 1',
            "'when' is not a key",
        ),
    ],
)
def test_mappings_that_cannot_be_meant(file, said):
    with pytest.raises(PolicyError, match=said):
        mapping_file.parse(f'[file]\n{file}\n[calls]\ncall_id = "a"\noffered_at = "b"\noutcome = "c"\n', "made.toml")


def test_a_file_that_is_no_json_is_read_as_what_it_is(tmp_path):
    """A folder may hold both; a mapping of one table's JSON does not make JSON of the other's CSV."""
    (tmp_path / "contacts.json").write_text(CONTACTS[0] + "\n", "utf-8")
    (tmp_path / "cases.csv").write_text("case_id,opened_at,kind\n1,2026-03-02T09:00:00Z,complaint\n", "utf-8")
    done = run("check", tmp_path, "--mapping", "amazon-connect", *ZONE)
    assert done.code == 0, done.err
    assert [line.split()[1] for line in done.out.splitlines() if line.startswith("table")] == ["calls", "cases"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("visit.metrics", "is an object, and asked for as a value"),
        ("visit.metrics[name=tAcd].Value", "'value' and 'Value' of one object"),
        ("acd", "is an object, and asked for as a value"),
    ],
)
def test_paths_that_contradict_those_of_the_mapping(path, said):
    calls = cc.read_calls(SAMPLES / "genesys-cloud", mapping="genesys-cloud", tz="UTC", max_rejected=1)
    with pytest.raises(PolicyError, match=said):
        cc.service_level(calls, within="20s", by=[path])


def test_of_two_answers_the_earlier_is_the_visits(tmp_path):
    """Who joins the call later has an answer of the same queue too, wherever it stands in the record."""
    [first, *_] = json.loads((SAMPLES / "genesys-cloud" / "conversations.json").read_text("utf-8"))["conversations"]
    later = json.loads(json.dumps(first["participants"][-1]).replace("08:00:19.992Z", "08:01:00.000Z"))
    first["participants"].insert(0, later | {"userId": "ben"})
    (tmp_path / "c.json").write_text(json.dumps(first), "utf-8")
    calls = cc.read_calls(tmp_path / "c.json", mapping="genesys-cloud", tz="UTC")
    rows = cc.service_level(calls, within="20s", by=["agent_id"])
    assert rows[["agent_id", "answered", "mean_talk_s"]].to_numpy().tolist() == [["ana", 1, 120]]


def test_records_of_an_array_are_listed_by_their_number(tmp_path):
    """What stands in the second line of the file is none of the second record's."""
    path, refused = tmp_path / "contacts.json", tmp_path / "refused.csv"
    text = LAYOUTS["an array written pretty"]
    assert '"LastUpdateTimestamp"' in text
    path.write_text(text.replace('"LastUpdateTimestamp"', '"Updated"'), "utf-8")
    done = run("check", path, "--mapping", "amazon-connect", "--rejected", refused, "--max-rejected", "100%", *ZONE)
    assert done.code == 0, done.err
    [row] = refused.read_text("utf-8").splitlines()[1:]
    assert row.split(",")[1:] == ["1", "conflicting rows of one call_id", ""]
