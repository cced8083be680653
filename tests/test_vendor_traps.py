"""Every trap of a vendor's format has a row in its sample: a mapping that does not mind it gives other figures."""

import pytest

from cc_metrics.store import mapping_file
from test_vendor_mappings import EXPECTED, SAMPLES, by_hand, told

TRAPS = [
    ("five9", "HH:MM:SS", 'plus = "RING TIME", unit = "clock"', 'plus = "RING TIME", unit = "s"'),
    ("five9", "ringing is waiting", ', plus = "RING TIME"', ""),
    ("five9", "the menu before the queue", 'plus = { column = "IVR TIME", unit = "clock" }', ""),
    ("five9", "junk callbacks", '"Queue Callback", AGENT = { filled = false }', '"Queue Callback", AGENT = ["?"]'),
    ("five9", "callbacks", 'when = { "CALL TYPE" = "Queue Callback" }', 'when = { "CALL TYPE" = "?" }'),
    ("five9", "abandoned is a flag", 'value = "abandoned"', 'value = "answered"'),
    ("five9", "no agent", 'ABANDONED = "0", AGENT = { filled = false } }', 'ABANDONED = "0", AGENT = ["?"] }'),
    ("five9", "nobody is written", '[null]\nAGENT = ["[None]"]', "[null]"),
    ("five9", "ended in the menu", '"QUEUE WAIT TIME" = "00:00:00"', '"QUEUE WAIT TIME" = "?"'),
    ("zendesk-talk", "time_to_answer holds the menu", '"wait_time"', '"time_to_answer"'),
    ("zendesk-talk", "the menu before the queue", 'plus = { column = "ivr_time_spent", unit = "s", empty = "0" }', ""),
    ("zendesk-talk", "no menu", ', empty = "0"', ""),
    ("zendesk-talk", "left in the menu", '"abandoned_in_ivr"', '"?"'),
    ("zendesk-talk", "voicemails are completed", '"completed|true|" = "redirected"', '"completed|true|" = "answered"'),
    ("zendesk-talk", "overflow is completed", '"completed||true" = "redirected"', '"completed||true" = "answered"'),
    ("zendesk-talk", "hung up on hold", '"abandoned_on_hold||" = "answered"', '"abandoned_on_hold||" = "abandoned"'),
    ("zendesk-talk", "direction", 'direction = "direction"', 'direction = { always = "inbound" }'),
    ("zendesk-talk", "a call comes again", 'updated_at = "updated_at"', ""),
    ("talkdesk", "outbound types", 'outbound_missed = "outbound"', 'outbound_missed = "inbound"'),
    ("talkdesk", "short abandons", 'short_abandoned = "abandoned"', 'short_abandoned = "redirected"'),
    ("talkdesk", "missed is not abandoned", 'missed = "redirected"', 'missed = "abandoned"'),
    ("vicidial", "drops by whatever end", 'status = ["DROP", "XDROP"]', 'status = ["DROP"]'),
    ("vicidial", "drops that a caller ended", '["ABANDON", "AGENT", "CALLER", "NONE"]', '["ABANDON", "NONE"]'),
    ("vicidial", "timeouts", '"CALLER", "NONE"]', '"CALLER", "NONE", "QUEUETIMEOUT"]'),
    (
        "vicidial",
        "the length holds the queue",
        'wait_ms = { column = "queue_seconds"',
        'wait_ms = { column = "length_in_sec"',
    ),
    ("vicidial", "so does the talk", ', less = "queue_seconds"', ""),
    (
        "vicidial",
        "a drop has no talk",
        'column = "length_in_sec"\nwhen = { status',
        'column = "lead_id"\nwhen = { status',
    ),
    ("nice-cxone", "month first", "%m/%d/%Y", "%d/%m/%Y"),
    ("nice-cxone", "the menu before the queue", 'plus = { column = "PreQueue", unit = "s" }', ""),
    ("nice-cxone", "the flag", 'value = "abandoned"', 'value = "answered"'),
    ("nice-cxone", "no agent", 'when = { Abandon = "N", Agent_No = { filled = false } }', 'when = { Abandon = "?" }'),
    ("nice-cxone", "never queued", 'InQueue = "0"', 'InQueue = "?"'),
    ("nice-cxone", "chats", '"Phone Call" = "voice"', '"Phone Call" = "voice", Chat = "voice"'),
    ("fusionpbx", "agents' legs", 'cc_side = "agent"', 'cc_side = "?"'),
    ("fusionpbx", "other calls", 'cc_side = ""', 'cc_side = "?"'),
    ("fusionpbx", "0 is not answered", '[null]\ncc_queue_answered_epoch = ["0"]', "[null]"),
    ("fusionpbx", "timeouts are cancelled too", '"cancel|TIMEOUT" = "redirected"', '"cancel|TIMEOUT" = "abandoned"'),
    ("fusionpbx", "the menu before the queue", 'column = "cc_queue_joined_epoch"', 'column = "start_epoch"'),
    ("ringcentral", "the duration is no wait", "[calls] ", '[calls]\nwait_ms = { column = "duration", unit = "s" }'),
    ("ringcentral", "faxes", 'type = "Fax"', 'type = "?"'),
    ("ringcentral", "voicemails", 'Voicemail = "redirected"', 'Voicemail = "answered"'),
    ("aircall", "outside opening hours", '"out_of_opening_hours"', '"?"'),
    ("aircall", "left in the menu", '"abandoned_in_ivr"', '"?"'),
    ("aircall", "answered nor missed", 'answered_at = "", missed_call_reason = ""', 'answered_at = "?"'),
    (
        "aircall",
        "the duration holds the ringing",
        'from = { column = "answered_at"',
        'from = { column = "started_at"',
    ),
    ("aircall", "outbound", 'when = { direction = "outbound" }', 'when = { direction = "?" }'),
    ("cisco-uccx", "-1 is nothing", 'queueTime = ["-1"]', 'queueTime = ["?"]'),
    ("cisco-uccx", "a call in two queues", 'disposition = "5"', 'disposition = "?"'),
    ("cisco-uccx", "the clock is UTC", 'format = "utc"', 'format = "iso"'),
    ("cisco-uccx", "dequeued is not abandoned", '3 = "redirected"', '3 = "abandoned"'),
    ("cisco-uccx", "legs of a session", '"sessionSeqNum", ', ""),
    ("cisco-cucm", "a line of types", 'cdrRecordType = "INTEGER"', 'cdrRecordType = "?"'),
    ("cisco-cucm", "0 is not connected", "{ least = 1 }", "{ filled = true }"),
    ("cisco-cucm", "nor is nothing", '["0", ""], destCause_value = ["0"', '["0"], destCause_value = ["0"'),
    ("cisco-cucm", "busy is not abandoned", '["1", "17"]', '["1"]'),
    ("avaya-ech", "two clocks", '"SEGSTART_UTC"', '"SEGSTART"'),
    ("avaya-ech", "segments of a call", ', "SEGMENT"]', "]"),
    ("avaya-ech", "calls past the queues", 'CALL_DISP = "1"', 'CALL_DISP = "?"'),
    ("avaya-ech", "turned away is not abandoned", '5 = "redirected"', '5 = "abandoned"'),
    ("avaya-ech", "ringing is waiting", 'column = "DISPTIME"', 'column = "QUEUETIME"'),
    ("8x8", "the queue's time is no length", 'offered_at = "Queue Time"', 'offered_at = "Creation Time"'),
    ("8x8", "H:MM:SS", '"Queue Wait Duration", unit = "clock"', '"Queue Wait Duration", unit = "ms"'),
    ("8x8", "never queued", "filled = false", 'not = ""'),
    ("8x8", "ended in the menu", '"Ended in IVR", ', ""),
    ("8x8", "calls between agents", '"Consultation call", ', ""),
    ("8x8", "chats", 'Phone = "voice"', 'Phone = "voice", Chat = "voice"'),
    ("8x8", "outbound", 'OutboundDir = "outbound"', 'OutboundDir = "inbound"'),
    ("3cx", "another order", '"time-answered", "time-end"', '"time-end", "time-answered"'),
    ("3cx", "a duration is no answer", '"time-answered" = { filled = true }', "duration = { filled = true }"),
    ("3cx", "HH:MM:SS", 'unit = "clock"', 'unit = "s"'),
    ("3cx", "outbound", '["Extension", "extension"]', '"?"'),
    ("twilio-flex", "segments that are no call", '{ not = "Queue" }', '"Agent Status"'),
    ("twilio-flex", "voicemails are abandoned too", 'value = "redirected"', 'value = "abandoned"'),
    ("twilio-flex", "chats", 'Call = "voice"', 'Call = "voice", Web = "voice"'),
]


@pytest.mark.parametrize(("name", "trap", "handled", "naive"), TRAPS, ids=[f"{t[0]}: {t[1]}" for t in TRAPS])
def test_a_mapping_that_does_not_mind_the_trap_gives_other_figures(name, trap, handled, naive, tmp_path):
    text = mapping_file.text(name)
    assert handled in text
    (tmp_path / "naive.toml").write_text(text.replace(handled, naive), "utf-8")
    expected = EXPECTED[name]
    assert told(SAMPLES / name / expected.file, str(tmp_path / "naive.toml"), expected) != by_hand(expected)
