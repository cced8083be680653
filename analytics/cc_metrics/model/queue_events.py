"""The canonical table of a queue's events, and what each of them tells of a call's passage through the queue.

One row for each line of a log that Asterisk's queues write, or systems built on them; the events of one call in one
queue are folded into calls.
"""

from dataclasses import dataclass
from typing import Final, Literal

from cc_metrics.model.calls import CALLS
from cc_metrics.model.table import Table

Part = Literal["enters", "dials", "connects", "ends", "transfers", "abandons", "leaves", "gives up", "turned away"]
"""What an event is in a passage. With "enters", "dials", "gives up" and "turned away" one begins; those that give up
or are turned away have never been in the queue."""

BEGINS: Final = ("enters", "dials", "gives up", "turned away")
ENDED: Final = ("ends", "transfers")
LEFT: Final = ("abandons", "leaves", "gives up", "turned away")
OUTCOMES: Final = {
    "connects": "answered",
    "ends": "answered",
    "transfers": "answered",
    "abandons": "abandoned",
    "gives up": "abandoned",
    "leaves": "redirected",
    "turned away": "redirected",
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event's part; the places of its arguments that hold the wait and the talk in seconds.

    Places count from 1, negative ones from the last argument.
    """

    part: Part
    wait: int | None = None
    talk: int | None = None


EVENTS: Final = {
    "ENTERQUEUE": Event("enters"),
    "CONNECT": Event("connects", wait=1),
    "COMPLETEAGENT": Event("ends", wait=1, talk=2),
    "COMPLETECALLER": Event("ends", wait=1, talk=2),
    "TRANSFER": Event("transfers", wait=3, talk=4),  # until Asterisk 11; at first without the position at the end
    "BLINDTRANSFER": Event("transfers", wait=-3, talk=-2),
    "ATTENDEDTRANSFER": Event("transfers", wait=-3, talk=-2),  # LINK has an argument more than BRIDGE and APP
    "ABANDON": Event("abandons", wait=3),
    "EXITWITHTIMEOUT": Event("leaves", wait=3),
    "EXITEMPTY": Event("leaves", wait=3),
    "EXITWITHKEY": Event("leaves", wait=4),
    "WITHDRAW": Event("leaves", wait=3),
    # Wazo
    "LEAVEEMPTY": Event("leaves", wait=3),
    "FULL": Event("turned away"),
    "JOINEMPTY": Event("turned away"),
    "DIVERT_CA_RATIO": Event("turned away"),
    "DIVERT_HOLDTIME": Event("turned away"),
    # OMniLeads
    "ENTERQUEUE-TRANSFER": Event("enters"),
    "DIAL": Event("dials"),
    "COMPLETEOUTNUM": Event("ends", wait=1, talk=2),
    "ABANDONWEL": Event("gives up", wait=3),  # during the welcome message
}

CALLER: Final = 2
"""The place of the caller's number among the arguments of an event with which a call enters."""

WITHHELD: Final = ("anonymous", "private", "restricted", "unavailable", "unknown", "<unknown>")
"""What stands for a caller's number where there is none, in small letters."""

_NO_PART: Final = (
    "RINGNOANSWER",
    "RINGCANCELED",
    "AGENTDUMP",  # the caller goes on waiting, or an ABANDON follows
    "SYSCOMPAT",
    "ADDMEMBER",
    "REMOVEMEMBER",
    "AGENTLOGIN",
    "AGENTLOGOFF",
    "AGENTCALLBACKLOGIN",
    "AGENTCALLBACKLOGOFF",
    "PAUSE",
    "UNPAUSE",
    "PAUSEALL",
    "UNPAUSEALL",
    "PENALTY",
    "RINGINUSE",
    "QUEUESTART",
    "CONFIGRELOAD",
    "WRAPUPSTART",
    "ANSWER",
    "CLOSED",  # by the queue's schedule: a call outside its open hours
)

QUEUE_EVENTS: Final = Table(
    name="queue_events",
    key=("call_id", "event_at", "event", "queue", "agent_id", "arguments"),
    first="event_at",
    required=("call_id", "event_at", "event", "queue"),
    filled=("call_id", "event"),
    ids=("call_id",),
    dimensions=("queue", "agent_id", "event", "arguments"),
    ignored={"event": _NO_PART},
    longest_ms=CALLS.longest_ms,
)
"""One row for each event. Arguments are joined by |; equal rows are duplicates."""
