"""The policy file: every rule by a number or by its exact words."""

import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from cc_metrics import policy
from cc_metrics.errors import PolicyError
from cc_metrics.model.durations import DAY, HOUR
from cc_metrics.model.promise import Promise, ResolutionTerms, ServiceTerms
from cc_metrics.policy.keys import measures
from cc_metrics.policy.lines import lines

HEAD = 'name = "p"\n'
PROMISE = '[[promise]]\nname = "a"\nmeasure = "service_level"\ntarget = "80 %"\n'


@pytest.fixture
def file(tmp_path, monkeypatch):
    """Write a policy as my.toml in an empty folder and stand in it."""
    monkeypatch.chdir(tmp_path)

    def write(text):
        Path("my.toml").write_text(text, encoding="utf-8")
        return "my.toml"

    return write


@pytest.fixture
def load(file):
    return lambda text: policy.load(file(text))


@pytest.fixture
def said(file):
    """What is said about a policy: "place: what | hint" for each problem."""

    def say(text):
        return [f"{e.where}: {e.what}" + (f" | {e.hint}" if e.hint else "") for e in policy.problems(file(text))]

    return say


def promise(measure, *extra):
    return "\n".join([HEAD, "[[promise]]", 'name = "a"', f'measure = "{measure}"', *extra, ""])


# What comes with cc-metrics


def test_default():
    found = policy.load("default")
    assert (found.name, found.timezone, found.tiers) == ("default", None, ())
    assert found.service == ServiceTerms(20_000, "<=", "all_offered", 5_000, "late")
    assert found.resolution == ResolutionTerms(7 * DAY, "call", "repeat", "offered", ("customer_id",))
    [only] = found.promises
    assert (only.measure, only.shape, only.target, only.kind) == (
        "service_level", "share_within", Fraction(4, 5), "promised",
    )  # fmt: skip
    assert (only.where, only.service.within_ms) == ({}, 20_000)
    assert any("80 % in 20 seconds" in line for line in found.readings)


def test_liaoning_unicom():
    found = policy.load("liaoning-unicom-2013")
    assert found.name == "Liaoning Unicom 10010, 12th National Games"
    assert found.timezone == "Asia/Shanghai"
    assert found.service == ServiceTerms(20_000, "<=", "all_offered", 0, "late")
    assert [found.tier_of(v) for v in ("VIP", "金卡", "普通", "")] == ["vip", "vip", "ordinary", "ordinary"]
    assert [(p.measure, dict(p.where), p.target, p.kind, p.when) for p in found.promises[:4]] == [
        ("service_level", {"tier": ("vip",)}, Fraction(9, 10), "reached", "2013"),
        ("service_level", {"tier": ("ordinary",)}, Fraction(4, 5), "reached", "2013"),
        ("first_call_resolution", {}, Fraction(22, 25), "reached", "2013"),
        ("first_call_resolution", {}, Fraction(22, 25), "stated", "2013"),
    ]
    by_issue, by_call = (p.resolution for p in found.promises[2:4])
    assert (by_issue.window_ms, by_issue.unit, by_call.window_ms, by_call.unit) == (DAY, "issue", DAY, "call")
    assert found.readings
    assert all(p.readings for p in found.promises)


def test_presets_by_name():
    found = policy.presets()
    assert found == sorted(found)
    assert {"default", "liaoning-unicom-2013", "us-nena-020", "cn-3g-2009"} <= set(found)
    assert policy.preset_text("default").startswith('name = "default"\n')


def test_public_presets_hold_the_figures_of_their_documents():
    """NENA: 90 % in 15 s and 95 % in 20 s; Maryland: 75 % in 30 s and 5 %; Illinois: means of 10, 60 and 60 s."""
    nena, maryland, illinois = (policy.load(name).promises for name in ("us-nena-020", "us-md-utility", "us-il-lec"))
    assert [(p.service.within_ms, p.target) for p in nena] == [(15_000, Fraction(9, 10)), (20_000, Fraction(19, 20))]
    assert [(p.measure, p.target) for p in maryland] == [
        ("service_level", Fraction(3, 4)),
        ("abandonment", Fraction(1, 20)),
    ]
    assert maryland[0].service.within_ms == 30_000
    assert [(p.shape, p.target) for p in illinois] == [("mean_at_most", Fraction(s)) for s in (10, 60, 60)]
    assert all(p.readings for p in (*nena, *maryland, *illinois))


def test_unknown_preset():
    with pytest.raises(PolicyError) as error:
        policy.load("defalt")
    assert str(error.value) == (
        "no policy is called 'defalt'\n"
        "  hint: did you mean 'default'? (a policy of your own is a path that ends in .toml)"
    )
    assert [e.what for e in policy.problems("../default")] == ["no policy is called '../default'"]


def test_template_is_valid_and_says_what_the_model_assumes(load):
    found = load(policy.template())
    assert (found.service, found.resolution) == (ServiceTerms(), ResolutionTerms())
    assert [p.name for p in found.promises] == ["Calls answered in 20 seconds"]


def test_template_with_every_option_taken(load):
    found = load(re.sub(r"(?m)^#(?=[a-z\[])", "", policy.template()))
    assert (found.timezone, len(found.open_hours.spans)) == ("Asia/Shanghai", 6)
    assert found.closed.dates == {date(2024, 1, 1)}
    assert [p.shape for p in found.promises] == [
        "share_within", "rate_at_least", "rate_at_least", "rate_at_most", "rate_at_most", "share_within",
    ]  # fmt: skip
    assert (found.calendar.country, found.promises[-1].about) == ("CN", "cases")
    assert found.promises[0].where == {"tier": ("vip",), "queue": ("sales", "billing")}
    assert found.dimensions() == ("tier", "queue", "reason")


# What a policy says


def test_all_keys_of_a_policy(load):
    found = load("""
        name = "Hotline"
        about = "  a  b "
        source = "a leaflet"
        timezone = "Europe/Berlin"
        within = "30 s"
        edge = "<"
        formula = "answered_only"
        short_abandon = "3 seconds"
        redirected = "out"
        closed = ["Sunday", "1999-01-11", 1999-01-12, "sat"]
        readings = ["one", "two"]
        [tier]
        gold = ["Gold", 7, 1.50]
        rest = "*"
        [first_call_resolution]
        window = "24 hours"
        unit = "issue"
        basis = "flag"
        repeats = "answered"
        key = ["customer_id", "reason"]
        repeat_calls = 4
        not_resolvable = { reason = ["outage", "停机"] }
    """)
    assert (found.name, found.about, found.source, found.readings) == (
        "Hotline",
        "  a  b ",
        "a leaflet",
        ("one", "two"),
    )
    assert found.service == ServiceTerms(30_000, "<", "answered_only", 3_000, "out")
    assert found.closed.weekdays == {5, 6}
    assert found.closed.dates == {date(1999, 1, 11), date(1999, 1, 12)}
    assert found.tiers == (("gold", ("Gold", "7", "1.50")), ("rest", ("*",)))
    assert found.resolution == ResolutionTerms(
        DAY, "issue", "flag", "answered", ("customer_id", "reason"), 4, {"reason": ("outage", "停机")}
    )
    assert found.promises == ()


def test_a_name_is_enough(load):
    found = load(HEAD)
    assert (found.timezone, found.open_hours, found.service) == (None, None, ServiceTerms())


def test_all_keys_of_a_promise(load):
    [found] = load("""
        name = "p"
        [[promise]]
        name = "VIP on target"
        measure = "intervals_on_target"
        where = { tier = ["vip", "gold"], skill = 7 }
        every = "1h"
        each = "80 %"
        target = "99.5 %"
        within = "10 seconds"
        edge = "<"
        formula = "answered_only"
        kind = "reached"
        when = 2013
        target_decimals = 1
        readings = "ours"
    """).promises
    assert found == Promise(
        name="VIP on target",
        measure="intervals_on_target",
        shape="rate_at_least",
        target=Fraction(199, 200),
        kind="reached",
        when="2013",
        where={"tier": ("vip", "gold"), "skill": ("7",)},
        service=ServiceTerms(10_000, "<", "answered_only"),
        every="1h",
        each=Fraction(4, 5),
        target_decimals=1,
        readings=("ours",),
    )


def test_a_promise_inherits_and_overrides(load):
    found = load("""
        name = "p"
        within = "15 seconds"
        short_abandon = "0 seconds"
        [first_call_resolution]
        window = "24 hours"
        unit = "issue"
        repeat_calls = 4
        [[promise]]
        name = "a"
        measure = "service_level"
        target = "80 %"
        [[promise]]
        name = "b"
        measure = "service_level"
        within = "60 seconds"
        target = "95 %"
        [[promise]]
        name = "c"
        measure = "first_call_resolution"
        window = "7 days"
        target = "70 %"
        [[promise]]
        name = "d"
        measure = "abandonment"
        short_abandon = "5 seconds"
        limit = "5 %"
        [[promise]]
        name = "e"
        measure = "repeat_calls"
        limit = "2 %"
    """)
    assert [p.service.within_ms for p in found.promises] == [15_000, 60_000, 15_000, 15_000, 15_000]
    assert [p.service.short_abandon_ms for p in found.promises] == [0, 0, 0, 5_000, 0]
    assert [p.resolution.window_ms for p in found.promises] == [DAY, DAY, 7 * DAY, DAY, DAY]
    assert {(p.resolution.unit, p.resolution.repeat_calls) for p in found.promises} == {("issue", 4)}
    assert [p.shape for p in found.promises] == [
        "share_within", "share_within", "rate_at_least", "rate_at_most", "rate_at_most",
    ]  # fmt: skip
    assert found.promises[3].target == Fraction(1, 20)


@pytest.mark.parametrize(
    ("written", "share"),
    [
        ('"90 %"', Fraction(9, 10)),
        ('"90%"', Fraction(9, 10)),
        ('"90 ％"', Fraction(9, 10)),
        ('"0.9"', Fraction(9, 10)),
        ("0.9", Fraction(9, 10)),
        ("0.1", Fraction(1, 10)),
        ('"99.999 %"', Fraction(99_999, 100_000)),
        ('"0 %"', Fraction(0)),
        ("0", Fraction(0)),
        ('"100 %"', Fraction(1)),
        ("1.0", Fraction(1)),
    ],
)
def test_shares_are_exact(load, written, share):
    assert load(promise("service_level", f"target = {written}")).promises[0].target == share


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("90", "target: '90' lies outside 0 % to 100 % | did you mean '90 %'?"),
        ('"101 %"', "target: '101 %' lies outside 0 % to 100 %"),
        ('"-5 %"', "target: '-5 %' lies outside 0 % to 100 %"),
        ("1", "target: 1 may mean 1 % or all | write '1 %' or '100 %'"),
        ('"most"', "target: 'most' is not a share | write for example '90 %' or 0.9"),
        ("nan", "target: 'NaN' is not a share | write for example '90 %' or 0.9"),
        ("1e-999999999", "target: '1E-999999999' is not a share | write for example '90 %' or 0.9"),
        ("true", "target: must be a string, not a boolean"),
        ('["90 %"]', "target: must be a string, not an array"),
    ],
)
def test_shares_refused(said, written, complaint):
    text = promise("service_level", f"target = {written}")
    assert said(text) == [f'my.toml, line 6: [[promise]] 1 "a": {complaint}']


# Open hours and closed days


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ('"Mon-Sat 08:00-20:00"', [(d, 8, 20) for d in range(6)]),
        ('["Mon-Fri 08:00-20:00", "Sat 09:00-13:00"]', [*((d, 8, 20) for d in range(5)), (5, 9, 13)]),
        ('"Mon,Wed 8:00-12:00"', [(0, 8, 12), (2, 8, 12)]),
        ('"Mon-Tue, saturday 08:00–12:00"', [(0, 8, 12), (1, 8, 12), (5, 8, 12)]),
        ('"Sat-Mon 00:00-24:00"', [(0, 0, 24), (5, 0, 24), (6, 0, 24)]),
        ('"Fri 22:00-06:00"', [(4, 22, 24), (5, 0, 6)]),
        ('"Sun 22:00-00:30"', [(0, 0, 0.5), (6, 22, 24)]),
        ('"Sun 18:00-00:00"', [(6, 18, 24)]),
    ],
)
def test_open_hours(load, written, spans):
    found = load(f"{HEAD}open = {written}").open_hours
    assert [(day, start / HOUR, end / HOUR) for day, start, end in found.spans] == spans


def test_open_hours_as_written(load):
    found = load(f'{HEAD}open = ["Mon-Fri 08:00-20:00", "Sat 09:00-13:00"]').open_hours
    assert found.written == "Mon-Fri 08:00-20:00; Sat 09:00-13:00"


EXAMPLE = "write for example 'Mon-Sat 08:00-20:00' or ['Mon-Fri 08:00-20:00', 'Sat 09:00-13:00']"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('open = "Mon-Sat"', f"open: 'Mon-Sat' is not a stretch of open hours | {EXAMPLE}"),
        ("open = []", f"open: the array is empty | {EXAMPLE}"),
        ("open = 8", "open: must be a string, not an integer"),
        ('open = "Mon-Sut 08:00-20:00"', "open: 'Sut' is not a weekday | write Mon, Tue, Wed, Thu, Fri, Sat or Sun"),
        (
            'open = "Mon 08:10-20:00"',
            "open: '08:10' is not on a quarter-hour | calls are summed by quarter-hours",
        ),
        (
            'open = "Mon 08:00-24:15"',
            "open: '24:15' is not a time of day | write for example 08:00; midnight at the end is 24:00",
        ),
        (
            'open = "Mon 08:60-20:00"',
            "open: '08:60' is not a time of day | write for example 08:00; midnight at the end is 24:00",
        ),
        (
            'open = "Mon 08:00-08:00"',
            "open: 'Mon 08:00-08:00' opens and closes at once | the whole day is 00:00-24:00",
        ),
        (
            'open = "Mon 24:00-08:00"',
            "open: 'Mon 24:00-08:00' opens and closes at once | the whole day is 00:00-24:00",
        ),
        ('closed = ["Sundy"]', "closed: 'Sundy' is neither a weekday nor a date | did you mean 'Sunday'?"),
        (
            'closed = ["1999-02-30"]',
            "closed: '1999-02-30' is neither a weekday nor a date | write a weekday or a date such as '1999-01-11'",
        ),
        ("closed = [1999-01-11T00:00:00]", "closed: must be a string, not a date-time"),
    ],
)
def test_open_and_closed_refused(said, line, complaint):
    assert said(HEAD + line) == [f"my.toml, line 2: {complaint}"]


# What is refused


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('formla = "all_offered"', "'formla' is not a key here | did you mean 'formula'?"),
        ('window = "24 hours"', "'window' is not a key here | it belongs in [first_call_resolution]"),
        ('target = "80 %"', "'target' is not a key here | it belongs in a [[promise]]"),
        ('formula = "all_ofered"', "formula: 'all_ofered' is not known here | did you mean 'all_offered'?"),
        ('edge = "≤"', "edge: '≤' is not known here | known: <, <="),
        ('redirected = "lost"', "redirected: 'lost' is not known here | known: abandoned, late, out"),
        ("within = 20", "within: 20 has no unit | write for example '20 seconds'"),
        (
            'within = "20"',
            "within: '20' is not a length of time | write for example '20 seconds', '24h' or '7 days'",
        ),
        ('within = "53 weeks"', "within: '53 weeks' is longer than a year"),
        ("within = true", "within: must be a string, not a boolean"),
        ("within = 20:00:00", "within: must be a string, not a time"),
        ("about = 2013-08-31", "about: must be a string, not a date"),
        ("source = 1.5", "source: must be a string, not a float"),
        ("readings = [[]]", "readings: must be a string, not an array"),
        ("readings = {a = 1}", "readings: must be a string or an array of strings, not a table"),
        ("tier = 1", "tier: must be a table, not an integer"),
        ("promise = 1", "promise: must be an array of tables written as [[promise]], not an integer"),
        ("[promise]", "promise: must be an array of tables written as [[promise]], not a table"),
        (
            'timezone = "Asia/Shanghi"',
            (
                "timezone: no time zone is called 'Asia/Shanghi' | "
                "use a name such as 'Asia/Shanghai', 'Europe/Berlin' or 'UTC'"
            ),
        ),
    ],
)
def test_policy_keys_refused(said, line, complaint):
    assert said(HEAD + line) == [f"my.toml, line 2: {complaint}"]


def test_a_policy_needs_a_name(said):
    assert said("") == ['my.toml: the policy has no name | write name = "…" in the first line']
    assert said('name = " "') == ["my.toml, line 1: name: ' ' must be one line of text"]
    assert said('name = "a\\nb"') == ["my.toml, line 1: name: 'a\\nb' must be one line of text"]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('window = "0 days"', "window: '0 days' is no window | write for example '24 hours' or '7 days'"),
        ('unit = "isue"', "unit: 'isue' is not known here | did you mean 'issue'?"),
        ("repeat_calls = 1", "repeat_calls: 1 lies outside 2 to 1000"),
        ('repeat_calls = "4"', "repeat_calls: must be an integer, not a string"),
        ("key = []", "key: the array is empty"),
        ("not_resolvable = { reason = true }", "not_resolvable.reason: must be a string, not a boolean"),
        ('formula = "all_offered"', ("'formula' is not a key here | it belongs to the policy: "
         "write it above the first [table]")),
        ('windw = "7 days"', "'windw' is not a key here | did you mean 'window'?"),
    ],
)  # fmt: skip
def test_resolution_keys_refused(said, line, complaint):
    text = f"{HEAD}[first_call_resolution]\n{line}"
    assert said(text) == [f"my.toml, line 3: [first_call_resolution]: {complaint}"]


@pytest.mark.parametrize(
    ("measure", "line", "complaint"),
    [
        ("service_level", 'withn = "20 seconds"', "'withn' is not a key here | did you mean 'within'?"),
        (
            "service_level",
            'redirected = "out"',
            "'redirected' is not a key here | it belongs to the policy: write it above the first [table]",
        ),
        (
            "service_level",
            'window = "7 days"',
            ("'window' means nothing for service_level | its keys: name, measure, kind, when, target_decimals, "
            "readings, where, where_not, where_differ, target, within, edge, formula, since"),
        ),
        (
            "first_call_resolution",
            'edge = "<"',
            ("'edge' means nothing for first_call_resolution | its keys: name, measure, kind, when, target_decimals, "
            "readings, where, where_not, where_differ, target, window, unit, basis, repeats, key"),
        ),
        ("service_level", 'limit = "5 %"', 'service_level has a target to reach, not a limit | write target = "90 %"'),
        ("service_level", 'kind = "promise"', "kind: 'promise' is not known here | did you mean 'promised'?"),
        ("service_level", "target_decimals = 7", "target_decimals: 7 lies outside 0 to 6"),
        ("service_level", "where = { queue = true }", "where.queue: must be a string, not a boolean"),
        ("service_level", "where = { queue = [] }", "where.queue: the array is empty"),
        ("service_level", 'where = "vip"', "where: must be a table, not a string"),
        ("intervals_on_target", 'every = "all"', ("every: 'all' is not known here | "
         "known: 15m, 1d, 1h, 1mo, 1w, 30m")),
    ],
)  # fmt: skip
def test_promise_keys_refused(said, measure, line, complaint):
    text = promise(measure, 'target = "90 %"', line)
    assert said(text) == [f'my.toml, line 7: [[promise]] 1 "a": {complaint}']


def test_a_limit_is_not_a_target(said):
    assert said(promise("abandonment", 'target = "5 %"')) == [
        'my.toml, line 6: [[promise]] 1 "a": abandonment has a limit to stay under, not a target | write limit = "5 %"'
    ]


def test_a_promise_needs_name_measure_and_bound(said):
    assert said(HEAD + "[[promise]]") == [
        "my.toml, line 2: [[promise]] 1: the promise has no name",
        f"my.toml, line 2: [[promise]] 1: the promise has no measure | known: {', '.join(measures())}",
    ]
    assert said(promise("service_level", 'kind = "stated"')) == [
        (
            'my.toml, line 3: [[promise]] 1 "a": the promise has no target; one that is only stated needs it too | '
            'write target = "90 %"'
        )
    ]
    assert said(promise("servce_level")) == [
        (
            "my.toml, line 5: [[promise]] 1 \"a\": measure: 'servce_level' is not known here | "
            "did you mean 'service_level'?"
        )
    ]


def test_repeat_calls_need_a_number(said):
    assert said(promise("repeat_calls", 'limit = "2 %"')) == [
        (
            'my.toml, line 5: [[promise]] 1 "a": the policy does not say how many calls are repeat calls | '
            "write for example repeat_calls = 4 in [first_call_resolution]"
        )
    ]


def test_two_promises_of_one_name(said):
    assert said(HEAD + PROMISE + PROMISE) == [
        'my.toml, line 7: [[promise]] 2 "a": [[promise]] 1 has the same name | reports tell promises by name'
    ]


def test_a_rest_that_is_not_last(said):
    assert said(f'{HEAD}[tier]\nvip = "V"\nrest = ["x", "*"]\nlate = "L"') == [
        "my.toml, line 4: [tier]: rest: '*' takes all that is left, no later tier is reached | put it last"
    ]


def test_a_key_swallowed_by_the_tiers(said):
    """TOML gives [tier] whatever follows it: open hours must not vanish that way."""
    assert said(f'{HEAD}[tier]\nvip = "V"\nopen = "Mon-Sat 08:00-20:00"') == [
        "my.toml, line 4: [tier]: 'open' is not a tier | it belongs to the policy: write it above the first [table]"
    ]


def test_a_tier_that_is_not_one(said):
    tiers = '[tier]\nvip = "V"\nordinary = "*"\n'
    assert said(f'{HEAD}{tiers}{PROMISE}where = {{ tier = ["vip", "ordinry"] }}') == [
        "my.toml, line 9: [[promise]] 1 \"a\": where.tier: 'ordinry' is not a tier of [tier] | did you mean 'ordinary'?"
    ]
    assert said(f'{HEAD}{tiers}{PROMISE}where = {{ tiers = "x", customer_id = 7 }}') == []
    assert said(f'{HEAD}{PROMISE}where = {{ tier = "anything" }}') == []


def test_a_tier_with_a_problem_is_still_a_tier(said):
    assert said(f'{HEAD}[tier]\nvip = true\n{PROMISE}where = {{ tier = "vip" }}') == [
        "my.toml, line 3: [tier]: vip: must be a string, not a boolean"
    ]


# All problems at once, each with its place


def test_all_problems_at_once(file):
    path = file("""\
nme = "x"
about = '''
within = "not a key"
'''
open = [
  "Mon-Sat 08:10-20:00",
]
[[promise]]
name = "VIP calls answered in 20 seconds, all day long, every day"
measure = "service_level"
where.tier = true
withn = "20 seconds"
target = "80 %"

[[promise]]
name = "second"
measure = "abandonment"
limit = 5
[promise.where]
queue = []
""")
    with pytest.raises(PolicyError) as error:
        policy.load(path)
    first = '[[promise]] 1 "VIP calls answered in 20 seconds, all d…"'
    assert str(error.value).splitlines() == [
        'my.toml: the policy has no name (write name = "…" in the first line)',
        "my.toml, line 1: 'nme' is not a key here (did you mean 'name'?)",
        "my.toml, line 5: open: '08:10' is not on a quarter-hour (calls are summed by quarter-hours)",
        f"my.toml, line 11: {first}: where.tier: must be a string, not a boolean",
        f"my.toml, line 12: {first}: 'withn' is not a key here (did you mean 'within'?)",
        "my.toml, line 18: [[promise]] 2 \"second\": limit: '5' lies outside 0 % to 100 % (did you mean '5 %'?)",
        'my.toml, line 20: [[promise]] 2 "second": where.queue: the array is empty',
    ]
    assert len(policy.problems(path)) == 7


def test_one_problem_keeps_its_hint(load):
    with pytest.raises(PolicyError) as error:
        load(HEAD + "edg = 1")
    assert str(error.value) == "my.toml, line 2: 'edg' is not a key here\n  hint: did you mean 'edge'?"


def test_promises_in_one_line_each(said):
    text = HEAD + 'promise = [\n  { name = "a", measure = "service_level", target = 2 },\n]'
    assert said(text) == ["my.toml: [[promise]] 1 \"a\": target: '2' lies outside 0 % to 100 % | did you mean '2 %'?"]


def test_lines_are_right_or_absent():
    text = """\
a = '''
b = 1
'''
"b c" = [ # ]
 1,
]
d = {e = [
1], f = 2}
[g.h] # x
i.j = {k = [{l = 1}]}
[[m]]
[[m]]
[m.n]
o = 1"""
    assert lines(text) == {
        ("a",): 1,
        ("b c",): 4,
        ("d",): 7,
        ("g", "h"): 9,
        ("g", "h", "i"): 10,
        ("g", "h", "i", "j"): 10,
        ("g", "h", "i", "j", "k"): 10,
        ("g", "h", "i", "j", "k", 0): 10,
        ("g", "h", "i", "j", "k", 0, "l"): 10,
        ("m", 0): 11,
        ("m", 1): 12,
        ("m", 1, "n"): 13,
        ("m", 1, "n", "o"): 14,
    }


# Files


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            'name = "p"\nwithin = 20 seconds',
            "my.toml, line 2, column 13: this is not TOML: Expected newline or end of document after a statement",
        ),
        (
            "name = Hotline",
            'my.toml, line 1, column 8: this is not TOML: Invalid value | strings stand in quotes: name = "…"',
        ),
        ('name = "p', "my.toml, end of document: this is not TOML: Unterminated string"),
        ("[tier]\n[tier]", "my.toml, line 2, column 6: this is not TOML: Cannot declare ('tier',) twice"),
    ],
)
def test_not_toml(said, text, complaint):
    assert said(text) == [complaint]


def test_a_file_that_cannot_be_read(file):
    file(HEAD)
    assert str(policy.problems("your.toml")[0]) == (
        "your.toml: the policy cannot be read: No such file or directory\n  hint: check the path"
    )
    assert policy.problems("default.toml")[0].hint == "'default' without .toml is a policy of ours"
    Path("folder.toml").mkdir()
    assert policy.problems("folder.toml")[0].what == "the policy cannot be read: Is a directory"
    assert policy.problems("a\0b.toml")[0].what == "the policy cannot be read: embedded null byte"


def test_encodings(file):
    path = Path(file(HEAD))
    path.write_bytes('name = "热线"'.encode("gb18030"))
    assert str(policy.problems(path)[0]) == "my.toml: the file is not UTF-8\n  hint: save it as UTF-8"
    path.write_bytes(b"\xef\xbb\xbf" + 'name = "热线"\r\nabout = "b"\r\nedg = 1\r\n'.encode())
    assert policy.problems(path)[0].where == "my.toml, line 3"
    path.write_bytes(b"\xef\xbb\xbf" + 'name = "热线"\r\n'.encode())
    assert policy.load(path).name == "热线"
