"""Every trap of a vendor's format has a row in its sample: a mapping that does not mind it gives other figures."""

import pytest

from cc_metrics.store import mapping_file
from test_vendor_mappings import EXPECTED, SAMPLES, by_hand, told

TRAPS = [
    ("five9", "HH:MM:SS", 'column = "QUEUE WAIT TIME", unit = "clock"', 'column = "QUEUE WAIT TIME", unit = "s"'),
    ("five9", "junk callbacks", '"Queue Callback", AGENT = ["", "[None]"]', '"Queue Callback", AGENT = ["?"]'),
    ("five9", "callbacks", 'when = { "CALL TYPE" = "Queue Callback" }', 'when = { "CALL TYPE" = "?" }'),
    ("five9", "abandoned is a flag", '"Inbound|1" = "abandoned"', '"Inbound|1" = "answered"'),
    ("five9", "no agent", 'ABANDONED = "0", AGENT = ["", "[None]"] }', 'ABANDONED = "0", AGENT = ["?"] }'),
    ("five9", "ended in the menu", '"QUEUE WAIT TIME" = "00:00:00"', '"QUEUE WAIT TIME" = "?"'),
    ("zendesk-talk", "time_to_answer holds the menu", '"wait_time"', '"time_to_answer"'),
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
    ("vicidial", "the length holds the queue", 'column = "queue_seconds"', 'column = "length_in_sec"'),
    ("nice-cxone", "month first", "%m/%d/%Y", "%d/%m/%Y"),
    ("nice-cxone", "the flag", 'Y = "abandoned"', 'Y = "answered"'),
    ("nice-cxone", "no agent", 'when = { Abandon = "N", Agent_No = ["", "0"] }', 'when = { Abandon = "?" }'),
    ("nice-cxone", "never queued", 'InQueue = "0"', 'InQueue = "?"'),
    ("nice-cxone", "legs of a transfer", 'parent = "Master_Contact_ID"', 'parent = "Contact_ID"'),
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
        'from = { column = ["answered_at", "ended_at"]',
        'from = { column = "started_at"',
    ),
    ("aircall", "outbound", 'when = { direction = "outbound" }', 'when = { direction = "?" }'),
    ("amazon-connect", "the menu before the queue", '"Queue.EnqueueTimestamp"\nwait', '"InitiationTimestamp"\nwait'),
    (
        "amazon-connect",
        "the menu is no wait",
        'wait_ms = { column = "Queue.Duration", unit = "s" }',
        'wait_ms = { from = { column = "InitiationTimestamp" }, until = { column = "Queue.DequeueTimestamp" } }',
    ),
    ("amazon-connect", "delivered again", 'updated_at = "LastUpdateTimestamp"', ""),
    ("amazon-connect", "never queued", "{ filled = false }", '"?"'),
    ("amazon-connect", "legs of a transfer", 'parent = "InitialContactId"', 'parent = "ContactId"'),
    ("amazon-connect", "callbacks", 'InitiationMethod = "CALLBACK"', 'InitiationMethod = "?"'),
    ("amazon-connect", "asked for a callback", "NextContactId = { filled = true }", 'NextContactId = "?"'),
    ("amazon-connect", "outbound", '["OUTBOUND", "EXTERNAL_OUTBOUND"]', '["?"]'),
    ("amazon-connect", "the flow ended it", "DisconnectReason = { filled = true }", 'DisconnectReason = "?"'),
    ("amazon-connect", "no reason in older records", '"TELECOM_PROBLEM", ""]', '"TELECOM_PROBLEM"]'),
    ("amazon-connect", "chats", 'CHAT = "chat"', 'CHAT = "voice"'),
    (
        "amazon-connect",
        "whole seconds",
        'column = "Queue.Duration", unit = "s"',
        'column = "Queue.Duration", unit = "ms"',
    ),
    ("amazon-connect-search", "the menu before the queue", '= "Enqueue timestamp"', '= "Initiation timestamp"'),
    ("amazon-connect-search", "callbacks", '["CALLBACK", "Callback"]', '["?"]'),
    ("amazon-connect-search", "never queued", '"Enqueue timestamp" = { filled = false }', '"Enqueue timestamp" = "?"'),
    (
        "amazon-connect-search",
        "still going on",
        '"Disconnect timestamp" = { filled = false }',
        '"Contact status" = "?"',
    ),
    ("genesys-cloud", "milliseconds", 'tFlowOut].value", unit = "ms"', 'tFlowOut].value", unit = "s"'),
    ("genesys-cloud", "callbacks", '"visit.mediaType" = "callback"', '"visit.mediaType" = "?"'),
    ("genesys-cloud", "outbound", 'originatingDirection = "outbound"', 'originatingDirection = "?"'),
    ("genesys-cloud", "never queued", "{ filled = false }", '"?"'),
    ("genesys-cloud", "talk comes in parts", "name=tTalkComplete", "name=tTalk"),
    ("genesys-cloud", "flowed out is not answered", "[name=tFlowOut].value", "[name=tVoicemail].value"),
    ("genesys-cloud", "abandoned is a metric", "[name=tAbandon|tShortAbandon].value", "[name=nAbandon].value"),
    (
        "genesys-cloud",
        "who answered stands elsewhere",
        '"answer.metrics[name=tAnswered].value" = {',
        '"visit.flow" = {',
    ),
    (
        "genesys-cloud",
        "an agent who did not respond",
        'since = { "answer.metrics[name=tAnswered].emitDate"',
        'since = { "answer.segments[0].segmentStart"',
    ),
    (
        "genesys-cloud",
        "an agent of another queue",
        '"answer.segments[0].queueId" = "visit.segments[0].queueId"',
        '"answer.mediaType" = "visit.mediaType"',
    ),
]


@pytest.mark.parametrize(("name", "trap", "handled", "naive"), TRAPS, ids=[f"{t[0]}: {t[1]}" for t in TRAPS])
def test_a_mapping_that_does_not_mind_the_trap_gives_other_figures(name, trap, handled, naive, tmp_path):
    text = mapping_file.text(name)
    assert handled in text
    (tmp_path / "naive.toml").write_text(text.replace(handled, naive), "utf-8")
    expected = EXPECTED[name]
    assert told(SAMPLES / name / expected.file, str(tmp_path / "naive.toml"), expected) != by_hand(expected)
