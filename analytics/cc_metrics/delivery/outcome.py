"""How a delivery ended: who got the e-mail now, who had it before, who did not get it and why."""

from collections.abc import Mapping
from dataclasses import dataclass

from cc_metrics.errors import DeliveryError


@dataclass(frozen=True, slots=True)
class Outcome:
    """Addresses by how they fared; *caution* is what the sender should know beside it, "" where there is nothing."""

    place: str
    delivered: tuple[str, ...]
    before: tuple[str, ...]
    refused: Mapping[str, str]
    caution: str = ""

    def check(self) -> None:
        """Refuse an outcome in which somebody did not get it.

        Raises:
            DeliveryError: it names them, with the server's words.
        """
        if not self.refused:
            return
        reasons = set(self.refused.values())
        names = ", ".join(self.refused)
        told = f"not delivered to {names}: {reasons.pop()}" if len(reasons) == 1 else f"not delivered to {self._each()}"
        raise DeliveryError(
            told, where=self.place, hint="send it again when that is mended: whoever got it is left out"
        )

    def _each(self) -> str:
        return "; ".join(f"{to} ({why})" for to, why in self.refused.items())
