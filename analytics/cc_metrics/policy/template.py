"""The policy to start from, as `cc-metrics policy init` writes it; "#" right before a key is an option left out."""

from typing import Final

TEMPLATE: Final = """\
# A policy says how calls are counted and what was promised about them.
# Take the "#" off a line to use it; `cc-metrics policy validate FILE` checks the whole file.

name = "My hotline"
#about = "What this policy is for, in a sentence."
#source = "The document that promises it: title, author, date."

# Days and half-hours are cut on this clock. Without it: the zone of --tz or of the mapping.
#timezone = "Asia/Shanghai"

# How a service level is counted, for every promise that says nothing else.
#   formula: all_offered, exclude_abandons_within, exclude_short_abandons,
#            abandons_within_count, short_abandons_count or answered_only
#   edge: "<=" counts a call answered on the dot as in time, "<" does not
#   redirected: calls that left the queue are "late" after the threshold, "out" of every count, or "abandoned"
within = "20 seconds"
#edge = "<="
formula = "all_offered"
short_abandon = "5 seconds"
#redirected = "late"

# Calls offered outside these hours are not counted. Quarter-hours; a stretch may go over midnight.
#open = ["Mon-Fri 08:00-20:00", "Sat 09:00-13:00"]

# Days without calls on purpose: weekdays and dates.
#closed = ["Sunday", "2024-01-01"]

# What you decided and the document does not say, line by line.
#readings = ["the document does not define the denominator: all_offered"]

# The source's values -> tiers. The first match wins; "*" is any other recorded value, never an unrecorded one.
# Without this table the source's own values are the tiers.
#[tier]
#vip = ["VIP", "Gold"]
#ordinary = ["*"]

# A call is resolved when its customer does not call again within the window.
#   unit: "call", or "issue" (a first call and all that follows it)
#   basis: "repeat" (no further call), or "flag" (the source's own word)
#   repeats: which further calls count, "offered" or "answered"
[first_call_resolution]
window = "7 days"
#unit = "call"
#basis = "repeat"
#repeats = "offered"
#key = ["customer_id", "reason"]
#repeat_calls = 4
#not_resolvable = { reason = ["outage"] }

# One [[promise]] for each promise. Which calls: where, on any column; no channel means voice.
#   measure and the keys it may have:
#     service_level           target, within, edge, formula
#     intervals_on_target     target, every, each, within, edge, formula
#     first_call_resolution   target, window, unit, basis, repeats, key
#     abandonment             limit, short_abandon
#     repeat_calls            limit
#     turnaround              target, at_most or none_late; from, to; within, deadlines, cut_off or by_day;
#                             clock, quiet, quiet_rule, paused, edge (cases: complaints, repairs, installations)
#     appointment_kept        target or none_late; tolerance
#   and more on cases, surveys and bases: `cc-metrics explain` lists and explains them all
#   kind: promised and reached are judged, stated is only shown
[[promise]]
name = "Calls answered in 20 seconds"
measure = "service_level"
#where = { tier = "vip", queue = ["sales", "billing"] }
within = "20 seconds"
target = "80 %"
kind = "promised"
#when = "2024"
#target_decimals = 1
#readings = ["the document says promptly: 20 seconds"]

#[[promise]]
#name = "Half-hours on target"
#measure = "intervals_on_target"
#every = "30m"
#each = "80 %"
#target = "90 %"

#[[promise]]
#name = "Resolved in the first call"
#measure = "first_call_resolution"
#target = "75 %"

#[[promise]]
#name = "Callers who gave up"
#measure = "abandonment"
#limit = "5 %"

#[[promise]]
#name = "Customers who had to call four times"
#measure = "repeat_calls"
#limit = "2 %"

# Working days and hours of the clocks of cases.
#[calendar]
#week = "Mon-Fri"
#country = "CN"
#hours = "Mon-Fri 08:30-17:30"

#[[promise]]
#name = "Complaints answered in two working days"
#measure = "turnaround"
#where = { kind = "complaint" }
#to = "responded"
#within = "2 working days"
#quiet = "22:00-08:00"
#target = "90 %"
"""
