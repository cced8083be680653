"""E-mails through a real mail server: secured, logged in, tried again, to everybody once; and what is refused."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

import mail_fixture
import report_fixture as made
from cc_metrics import render
from cc_metrics.delivery import Outcome, Server, addresses, deliver, login, message
from cc_metrics.delivery.failure import failure_message
from cc_metrics.errors import DeliveryError, EngineError, UsageError
from cli_fixture import refused, run
from mail_fixture import HOST, PASSWORD, USER, Post, running

MAIL = render.text(made.nothing(), "email").encode()
SENDER = "Reports <reports@example.org>"
THREE = ("a@example.org", "Bärbel <b@example.org>", "c@example.org")
SPECS = ["a@example.org", "b@example.org", "c@example.org"]


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (login.USER, login.PASSWORD):
        monkeypatch.delenv(name, raising=False)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return mail_fixture.certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def post() -> Iterator[Post]:
    with running() as found:
        yield found


def at(post: Post, **settings: Any) -> Server:
    return Server(HOST, SENDER, post.port, **{"security": "none", **settings})


class Pauses(list[float]):
    """Pauses that are noted, not kept."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def never(seconds: float) -> None:
    raise AssertionError("it was tried again")


def sent(post: Post, number: int = 0) -> EmailMessage:
    content = post.taken[number].content
    assert isinstance(content, bytes)
    return message_from_bytes(content, policy=policy.default)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # the server's word for TLS from the start
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_secured_and_logged_in_it_reaches_everybody(
    security: str, files: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    (tmp_path / "password").chmod(0o600)
    monkeypatch.setenv(login.USER, USER)
    with running(security, files) as post:
        server = at(post, security=security, ca_file=files[0], password_file=tmp_path / "password")
        outcome = deliver(MAIL, server, THREE, pause=never)
    assert outcome == Outcome(f"{HOST}:{post.port}", tuple(SPECS), (), {})
    [envelope] = post.taken
    assert (envelope.mail_from, envelope.rcpt_tos) == ("reports@example.org", SPECS)
    found, before = sent(post), message_from_bytes(MAIL, policy=policy.default)
    assert found["From"] == SENDER
    assert found["To"] == ", ".join(THREE)
    assert found["Auto-Submitted"] == "auto-generated"
    assert "X-Unsent" not in found
    assert abs(parsedate_to_datetime(found["Date"]) - datetime.now(UTC)) < timedelta(minutes=5)
    name, domain = found["Message-ID"].strip("<>").split("@")
    assert (f"<{name}@cc-metrics.invalid>", domain) == (before["Message-ID"], "example.org")
    assert [part.get_payload(decode=True) for part in found.walk()] == [
        part.get_payload(decode=True) for part in before.walk()
    ]


def test_a_certificate_that_nobody_trusts_ends_it_at_once(files: tuple[Path, Path]) -> None:
    with running("starttls", files) as post:
        outcome = deliver(MAIL, at(post, security="starttls"), THREE, pause=never)
    assert post.taken == []
    with pytest.raises(DeliveryError, match="its certificate is not trusted"):
        outcome.check()


def test_a_server_without_starttls_gets_nothing(post: Post) -> None:
    outcome = deliver(MAIL, at(post, security="starttls"), SPECS, pause=never)
    assert post.taken == []
    assert set(outcome.refused.values()) == {"STARTTLS extension not supported by server"}


def test_a_wrong_password_is_told_and_not_tried_again(
    files: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(login.USER, USER)
    monkeypatch.setenv(login.PASSWORD, "guessed")
    with running("starttls", files) as post:
        outcome = deliver(MAIL, at(post, security="starttls", ca_file=files[0]), SPECS, pause=never)
    with pytest.raises(DeliveryError, match=r"not delivered to a@example.org, b.*: the login was refused: 535") as told:
        outcome.check()
    assert "guessed" not in str(told.value)
    assert post.taken == []


def test_two_dropped_connections_are_survived_and_it_arrives_once(post: Post) -> None:
    post.drops, pauses = 2, Pauses()
    outcome = deliver(MAIL, at(post), THREE, pause=pauses)
    assert (outcome.delivered, outcome.refused) == (tuple(SPECS), {})
    assert (post.got, post.connections, pauses) == ([SPECS], 3, [1.0, 2.0])


def test_a_connection_dropped_in_the_message_is_tried_again(post: Post) -> None:
    post.drops_in_data, pauses = 1, Pauses()
    assert deliver(MAIL, at(post), SPECS, pause=pauses).refused == {}
    assert (post.got, pauses) == ([SPECS], [1.0])


def test_five_tries_are_enough(post: Post) -> None:
    post.drops, pauses = 9, Pauses()
    outcome = deliver(MAIL, at(post), SPECS, pause=pauses)
    assert (post.connections, pauses, post.taken) == (5, [1.0, 2.0, 4.0, 8.0], [])
    with pytest.raises(DeliveryError, match=r"the connection was dropped \(5 tries\)"):
        outcome.check()


def test_nobody_listens() -> None:
    with running() as post:
        pass
    pauses = Pauses()
    outcome = deliver(MAIL, at(post), ["a@example.org"], pause=pauses)
    assert outcome.refused == {"a@example.org": "Connection refused (5 tries)"}
    assert len(pauses) == 4


def test_an_answer_with_4_is_tried_again_and_one_with_5_is_not(post: Post) -> None:
    post.data, pauses = ["451 try later", "452 still full"], Pauses()
    assert deliver(MAIL, at(post), SPECS, pause=pauses).delivered == tuple(SPECS)
    assert (post.got, pauses) == ([SPECS], [1.0, 2.0])
    post.data = ["554 looks like\x1b[31m spam"]
    outcome = deliver(MAIL, at(post), SPECS, pause=never)
    assert set(outcome.refused.values()) == {"554 looks like\ufffd[31m spam"}
    assert len(post.taken) == 1


def test_of_three_one_is_refused_by_name_and_the_others_are_not_served_twice(post: Post, tmp_path: Path) -> None:
    record = tmp_path / "sent.jsonl"
    post.rcpt = {"b@example.org": ["550 no such user"] * 2}
    outcome = deliver(MAIL, at(post), THREE, record, pause=never)
    assert outcome.delivered == ("a@example.org", "c@example.org")
    with pytest.raises(DeliveryError, match=r"not delivered to b@example.org: 550 no such user"):
        outcome.check()
    again = deliver(MAIL, at(post), THREE, record, pause=never)
    assert (again.delivered, again.before) == ((), ("a@example.org", "c@example.org"))
    last = deliver(MAIL, at(post), THREE, record, pause=never)
    assert (last.delivered, last.refused) == (("b@example.org",), {})
    assert post.got == [["a@example.org", "c@example.org"], ["b@example.org"]]
    assert sent(post, 1)["To"] == ", ".join(THREE)


def test_who_is_deferred_is_tried_again_alone(post: Post) -> None:
    post.rcpt, pauses = {"b@example.org": ["450 greylisted"], "c@example.org": ["451 busy", "550 gone"]}, Pauses()
    outcome = deliver(MAIL, at(post), SPECS, pause=pauses)
    assert post.got == [["a@example.org"], ["b@example.org"]]
    assert outcome.delivered == ("a@example.org", "b@example.org")
    assert (outcome.refused, pauses) == ({"c@example.org": "550 gone"}, [1.0])


def test_a_server_that_leaves_between_recipients_served_nobody(post: Post) -> None:
    post.rcpt, pauses = {"b@example.org": ["421 closing"]}, Pauses()
    assert deliver(MAIL, at(post), SPECS, pause=pauses).delivered == tuple(SPECS)
    assert post.got == [SPECS]


def test_what_was_taken_is_recorded_before_the_good_bye_which_may_fail(post: Post, tmp_path: Path) -> None:
    record, seen = tmp_path / "sent.jsonl", []

    def leave() -> bool:
        seen.append(record.exists())
        return False

    post.leave = leave
    assert deliver(MAIL, at(post), SPECS, record, pause=never).delivered == tuple(SPECS)
    assert (post.got, seen) == ([SPECS], [True])


def test_a_rerun_sends_nothing_twice_unless_forced(post: Post, tmp_path: Path) -> None:
    record = tmp_path / "sent.jsonl"
    deliver(MAIL, at(post), SPECS[:2], record)
    entries = [json.loads(line) for line in record.read_text().splitlines()]
    identity = message.identity(message_from_bytes(MAIL, policy=policy.default))
    assert [(entry["message"], entry["to"]) for entry in entries] == [(identity, to) for to in SPECS[:2]]
    again = deliver(MAIL, at(post), ("A@Example.org", *SPECS[1:]), record)
    assert (again.delivered, again.before) == (("c@example.org",), ("A@example.org", "b@example.org"))
    assert deliver(MAIL, at(post), SPECS, record).before == tuple(SPECS)
    assert post.connections == 2
    assert deliver(MAIL, at(post), SPECS, record, force=True).delivered == tuple(SPECS)
    assert post.got == [SPECS[:2], SPECS[2:], SPECS]
    other = render.text(made.tuesday(), "email").encode()
    assert deliver(other, at(post), SPECS, record).delivered == tuple(SPECS)


def test_nothing_is_recorded_that_the_server_did_not_take(post: Post, tmp_path: Path) -> None:
    post.data = ["554 no"]
    deliver(MAIL, at(post), SPECS, tmp_path / "sent.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_record_that_is_none_or_has_no_place_stops_it_before_anything_is_sent(post: Post, tmp_path: Path) -> None:
    record = tmp_path / "sent.jsonl"
    record.write_text('{"message": "x", "to": "a@example.org", "at": ""}\nnonsense\n')
    with pytest.raises(UsageError, match=r"sent\.jsonl:2: this line is no record of a delivery"):
        deliver(MAIL, at(post), SPECS, record)
    with pytest.raises(EngineError, match="what was sent cannot be recorded there"):
        deliver(MAIL, at(post), SPECS, tmp_path / "none" / "sent.jsonl")
    record.write_bytes(b"\xff")
    with pytest.raises(EngineError, match="it is not UTF-8"):
        deliver(MAIL, at(post), SPECS, record)
    assert post.connections == 0


def test_a_password_in_the_clear_goes_to_this_machine_alone(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(login.PASSWORD, PASSWORD)
    for host in ("mail.example.org", "10.0.0.1", "localhost.example.org"):
        with pytest.raises(UsageError, match=f"the password would travel to {host} unprotected"):
            deliver(MAIL, Server(host, SENDER, security="none"), SPECS)
    assert [Server(host, SENDER, security="none").local for host in ("localhost", "127.0.0.2", "::1")] == [True] * 3
    assert login.login(at(post)) == login.Login("reports@example.org", PASSWORD)


def test_the_password_file_is_read_as_one_line_and_never_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "password"
    path.write_text(" p w \r\n")
    path.chmod(0o644)
    monkeypatch.setenv(login.PASSWORD, "other")
    found = login.login(Server(HOST, SENDER, user="u", password_file=path))
    assert found is not None
    assert (found.user, found.password) == ("u", " p w ")
    assert found.caution == f"everybody on this machine can read the password in {path}: chmod 600 it"
    assert " p w " not in repr(found)
    for text in ("", "\n", "two\nlines\n"):
        path.write_text(text)
        with pytest.raises(UsageError, match="no password on a line by itself"):
            login.login(Server(HOST, SENDER, password_file=path))
    path.write_text("Paßwort")
    with pytest.raises(UsageError, match="ASCII alone"):
        login.login(Server(HOST, SENDER, password_file=path))
    with pytest.raises(UsageError, match="the password cannot be read: No such file"):
        login.login(Server(HOST, SENDER, password_file=tmp_path / "none"))
    monkeypatch.delenv(login.PASSWORD)
    with pytest.raises(UsageError, match="there is no password for u"):
        login.login(Server(HOST, SENDER, user="u"))
    assert login.login(Server(HOST, SENDER)) is None


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("a@example.org", "a@example.org"),
        ("王 <wang@例子.example>", "wang@xn--fsqu00a.example"),
        ('"Doe, Jane" <jane.doe+x@Example.ORG>', "jane.doe+x@example.org"),
        ("用户@example.org", "用户@example.org"),
        ("root@localhost", "root@localhost"),
    ],
)
def test_addresses(text: str, spec: str) -> None:
    assert addresses.address(text, "--to").addr_spec == spec


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a@", "@b", "a@b@c.org", "a b@c.org", "a@b, c@d", "a@b..org", ".a@b.org", "a@-b.org", "a@b_c.org"),
        *("a@b.org\r\nBcc: x@y.org", "A\nBcc: x <a@b.org>", "a@b.org\x00", f"{'a' * 65}@b.org", f"a@{'b.' * 130}org"),
        *("a..b@c.org", "a@[1.2.3.4]", "a@b.org RCPT TO:<x@y.org>", "undisclosed:;", "<>"),
    ],
)
def test_no_addresses(text: str) -> None:
    with pytest.raises(UsageError, match="is no e-mail address"):
        addresses.address(text, "--to")


def test_addresses_beyond_ascii_need_a_server_that_knows_them() -> None:
    to = ("用户@example.org", "b@example.org")
    with running(enable_SMTPUTF8=True) as post:
        assert deliver(MAIL, at(post), to, pause=never).delivered == to
    assert b"To: \xe7\x94\xa8" in bytes(post.taken[0].content or b"")
    with running() as post:
        outcome = deliver(MAIL, at(post), to, pause=never)
    assert (outcome.delivered, list(outcome.refused)) == (("b@example.org",), ["用户@example.org"])
    assert sent(post)["To"] == "b@example.org"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"security": "ssl"}, "no security is called 'ssl'"),
        ({"host": "mail\nx"}, "is no server"),
        ({"host": ""}, "is no server"),
        ({"port": 0}, "0 is no port"),
        ({"port": 65_536}, "65536 is no port"),
        ({"sender": "reports"}, "'reports' is no e-mail address"),
        ({"ca_file": Path("none.pem")}, "no such file of certificates"),
    ],
)
def test_settings_that_cannot_be_meant(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Server(**{"host": HOST, "sender": SENDER, **settings})


def test_certificates_that_are_none(post: Post, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing")
    with pytest.raises(UsageError, match="the file holds no certificate"):
        deliver(MAIL, at(post, security="starttls", ca_file=tmp_path / "ca.pem"), SPECS)


@pytest.mark.parametrize(
    "mail", [b"", b"Subject: x\r\n\r\ny", MAIL.replace(b"X-Mailer: cc-metrics", b"X-Mailer: other")]
)
def test_an_email_of_others_is_not_sent(post: Post, mail: bytes) -> None:
    with pytest.raises(UsageError, match="this is no e-mail that cc-metrics wrote"):
        deliver(mail, at(post), SPECS)
    with pytest.raises(UsageError, match="there is nobody to send it to"):
        deliver(MAIL, at(post), ())
    assert post.connections == 0


def test_headers_of_the_file_name_nobody_else(post: Post) -> None:
    deliver(b"Bcc: x@example.org\r\nTo: y@example.org\r\nFrom: z@example.org\r\n" + MAIL, at(post), SPECS[:1])
    assert post.got == [["a@example.org"]]
    assert (sent(post)["To"], sent(post)["From"], sent(post)["Bcc"]) == ("a@example.org", SENDER, None)


@pytest.mark.parametrize("length", range(50, 90))
def test_no_header_is_broken_before_its_first_word(length: int) -> None:
    report = replace(made.nothing(), policy=replace(made.POLICY, name="a"), promises=())
    report = replace(report, head=replace(report.head, label="x" * (length - len("No promise to judge: a, "))))
    mail = render.text(report, "email").encode()
    found = message.addressed(message.read(mail, ""), addresses.address(SENDER, ""), (), datetime.now(UTC))
    for written in (mail, message.encoded(found, False)):
        assert len(message_from_bytes(written, policy=policy.default)["Subject"]) == length


def test_a_failed_run_is_told_in_a_sentence_once(post: Post, tmp_path: Path) -> None:
    sentence = "calls.csv: holds no call of 2013-08-20\r\nBcc: x\n  hint: look at the export"
    found = failure_message("hotline\r\nBcc: y", sentence, "2013-08-20")
    deliver(found, at(post), SPECS, tmp_path / "sent.jsonl")
    assert deliver(found, at(post), SPECS, tmp_path / "sent.jsonl").before == tuple(SPECS)
    got = sent(post)
    assert got["Subject"] == "No report hotline Bcc: y for 2013-08-20"
    assert got["Bcc"] is None
    assert got.get_content().splitlines() == [
        "The report hotline Bcc: y for 2013-08-20 could not be made.",
        "",
        "calls.csv: holds no call of 2013-08-20",
        "Bcc: x",
        " hint: look at the export",
    ]
    other = failure_message("hotline\r\nBcc: y", sentence, "2013-08-21")
    assert deliver(other, at(post), SPECS, tmp_path / "sent.jsonl").delivered == tuple(SPECS)


def test_the_command_sends_once_and_says_so(post: Post, tmp_path: Path) -> None:
    mail = tmp_path / "report.eml"
    mail.write_bytes(MAIL)
    place = ("--server", f"{HOST}:{post.port}", "--security", "none", "--from", SENDER)
    arguments = ("send", mail, "--to", THREE[0], "--to", THREE[1], *place)
    first = run(*arguments)
    assert (first.code, first.out) == (0, "")
    assert first.err == f"cc-metrics: sent {mail} to a@example.org, b@example.org\n"
    again = run(*arguments)
    assert (again.code, len(post.taken)) == (0, 1)
    assert again.err == "cc-metrics: not sent again to a@example.org, b@example.org: --force sends it anyhow\n"
    assert {path.name for path in tmp_path.iterdir()} == {"report.eml", "report.sent.jsonl"}
    assert run(*arguments, "--force").code == 0
    assert len(post.taken) == 2
    post.rcpt = {"c@example.org": ["550 no"]}
    assert "not delivered to c@example.org: 550 no" in refused(run("send", mail, "--to", THREE[2], *place), 4)


def test_the_command_refuses_what_cannot_be_meant(tmp_path: Path) -> None:
    mail = tmp_path / "report.eml"
    mail.write_bytes(b"Subject: x\r\n\r\ny")
    to = ("--to", "a@example.org", "--from", SENDER)
    assert f"{mail}: this is no e-mail that cc-metrics wrote" in refused(
        run("send", mail, *to, "--server", "localhost"), 2
    )
    assert "no port after the colon" in refused(run("send", mail, *to, "--server", "localhost:smtp"), 2)
    assert "cannot be read" in refused(run("send", tmp_path / "none.eml", *to, "--server", "localhost"), 2)
    mail.write_bytes(MAIL)
    assert "'x' is no e-mail address" in refused(run("send", mail, "--to", "x", *to, "--server", "localhost"), 2)
