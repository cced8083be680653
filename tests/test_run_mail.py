"""Runs whose reports and failures go through a real mail server, and what a run keeps for the days after it."""

import json
import logging
from email import message_from_bytes, policy

import pytest

from cc_metrics.delivery import login
from cli_fixture import refused
from mail_fixture import HOST, Post, running
from run_fixture import CONFIG, DAY, HEADER, contents, export, logged, made, morning

DATA, ENGINE = 3, 4


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch):
    for name in (login.USER, login.PASSWORD):
        monkeypatch.delenv(name, raising=False)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@pytest.fixture
def post():
    with running() as found:
        yield found


def mailed(post: Post) -> str:
    """A configuration that mails its report to two and its failures to a third."""
    to = 'to = ["boss@example.com", "Floor <floor@example.com>"]\n'
    server = f'[mail]\nserver = "{HOST}"\nport = {post.port}\nsecurity = "none"\nfrom = "Metrics <m@example.com>"\n'
    return f'{CONFIG}{to}{server}on_failure = ["ops@example.com"]\n'


def letter(post: Post, number: int = -1):
    return message_from_bytes(post.taken[number].original_content, policy=policy.default)


def test_a_report_goes_to_its_readers_once(tmp_path, post):
    config = made(tmp_path, DAY, config=mailed(post))
    assert morning(config).code == 0
    assert post.got == [["boss@example.com", "floor@example.com"]]
    mail = letter(post)
    assert mail["To"] == "boss@example.com, Floor <floor@example.com>"
    assert "48 offered" in mail.get_body(("plain",)).get_content()
    (line,) = logged(tmp_path)
    assert line["message_id"] == mail["Message-ID"].strip("<>").partition("@")[0]
    ran = morning(config)
    assert ran.code == 0
    assert len(post.taken) == 1
    assert "not sent again to boss@example.com, floor@example.com: --force sends it anyhow" in ran.err
    assert morning(config, "--force").code == 0
    assert len(post.taken) == 2
    assert letter(post)["Message-ID"] == mail["Message-ID"]


def test_a_corrected_export_is_another_report(tmp_path, post):
    config = made(tmp_path, DAY, config=mailed(post))
    assert morning(config).code == 0
    export(tmp_path / "exports", DAY, 60)
    assert morning(config).code == 0
    assert letter(post, 0)["Message-ID"] != letter(post, 1)["Message-ID"]


def test_who_is_refused_is_named_and_the_failure_is_told(tmp_path, post):
    post.rcpt["floor@example.com"] = ["550 no such user"]
    config = made(tmp_path, DAY, config=mailed(post))
    sentence = refused(morning(config), ENGINE)
    assert "not delivered to floor@example.com: 550 no such user" in sentence
    assert post.got == [["boss@example.com"], ["ops@example.com"]]
    assert logged(tmp_path)[-1]["outcome"] == "failed"
    assert (tmp_path / f"out/report-{DAY}.json").exists()
    assert morning(config).code == 0  # he exists now, and the boss gets nothing twice
    assert post.got[2:] == [["floor@example.com"]]


def test_a_failure_is_told_in_a_sentence(tmp_path, post):
    config = made(tmp_path, config=mailed(post))
    for _ in range(2):  # it is as true the second time
        refused(morning(config), DATA)
    assert post.got == [["ops@example.com"]] * 2
    mail = letter(post)
    assert mail["Subject"] == f"No report morning for {DAY}"
    text = mail.get_content()
    assert "no such file" in text
    assert "Traceback" not in text


def test_a_server_that_is_not_there_stops_no_output(tmp_path, post, monkeypatch):
    from cc_metrics.delivery import smtp

    monkeypatch.setattr(smtp, "TRIES", 1)
    config = made(tmp_path, DAY, config=mailed(post).replace(str(post.port), "1"))
    ran = morning(config)
    assert ran.code == ENGINE
    assert "the e-mail about this failure could not be sent" in ran.err
    assert (tmp_path / f"out/report-{DAY}.json").exists()


TWICE = 'policy = "policy.toml"\n'
POLICY = """\
name = "ours"
timezone = "Asia/Shanghai"
[first_call_resolution]
window = "24 hours"
"""


def test_exports_of_one_day_know_the_repeats_of_the_next(tmp_path):
    """Of 40 answered calls of the 19th, the customers of four call again within a day."""
    (tmp_path / "policy.toml").write_text(POLICY)
    config = made(tmp_path, config=CONFIG.replace("tz =", f"{TWICE}tz ="))
    for day, first in (("2013-08-19", 0), (DAY, 36)):
        rows = [
            f"{day}-{n},{day} {n * 36 // 60:02}:{n * 36 % 60:02}:00,answered,1000,60000,vip,sales,k{first + n}\n"
            for n in range(40)
        ]
        path = export(tmp_path / "exports", day)
        path.write_text(HEADER + "".join(rows))
        assert morning(config, day=day).code == 0
    report = json.loads((tmp_path / f"out/report-{DAY}.json").read_text())
    (row,) = report["first_call_resolution"]
    assert (row["eligible"], row["too_recent"]) == (0, 40)
    kept = contents(tmp_path / "history")
    assert {"morning/carry.parquet", "morning/secret"} <= set(kept)
    assert oct((tmp_path / "history/morning/secret").stat().st_mode & 0o777) == "0o600"
    assert not any(b"k36" in content for name, content in kept.items() if name.endswith(".parquet"))


def test_known_up_to_the_day_before_is_said(tmp_path):
    (tmp_path / "policy.toml").write_text(POLICY)
    asked = CONFIG.replace("tz =", f"{TWICE}tz =").replace('"out/{name}.parquet"', '"out/report-{date}.md"')
    config = made(tmp_path, "2013-08-19", DAY, config=asked)
    assert morning(config, day="2013-08-19").code == 0
    assert morning(config).code == 0
    # 39 of 48 are answered; whoever called at the same time of the day before calls again within the day
    assert "known up to 19 Aug: " in (tmp_path / f"out/report-{DAY}.md").read_text()


def test_what_was_planned_stands_beside_what_came(tmp_path):
    plan = "start,forecast_offered,rostered,present\n2013-08-20 09:00,2,3,2\n2013-08-20 09:30,1,3,3\n"
    (tmp_path / "plan.csv").write_text(plan)
    config = made(tmp_path, DAY, config=CONFIG.replace("tz =", 'staffing = "plan.csv"\ntz ='))
    assert morning(config).code == 0
    report = json.loads((tmp_path / f"out/report-{DAY}.json").read_text())
    planned = [(r["start"][11:16], r["forecast_offered"], r["present"]) for r in report["staffing"] if r["rostered"]]
    assert planned == [("09:00", 2, 2), ("09:30", 1, 3)]


def test_a_page_and_an_e_mail_are_written(tmp_path):
    config = made(tmp_path, DAY, config=CONFIG.replace(".json", ".html").replace("{name}.parquet", "{name}.eml"))
    assert morning(config).code == 0
    assert (tmp_path / f"out/report-{DAY}.html").read_text().startswith("<!DOCTYPE html>")
    assert (tmp_path / "out/morning.eml").read_bytes().startswith(b"Subject: ")
    before = contents(tmp_path)
    assert morning(config).code == 0
    assert contents(tmp_path) == before


def test_a_report_in_chinese(tmp_path, post):
    config = made(tmp_path, DAY, config=mailed(post).replace(".json", ".md").replace("tz =", 'lang = "zh"\ntz ='))
    assert morning(config).code == 0
    text = (tmp_path / f"out/report-{DAY}.md").read_text()
    assert text.startswith("# 2013年8月20日 星期二")
    assert "呼入 48" in letter(post).get_body(("plain",)).get_content()
    (tmp_path / f"exports/calls-{DAY}.csv").unlink()
    refused(morning(config), DATA)
    assert letter(post)["Subject"] == f"报表 morning（{DAY}）未能生成"
