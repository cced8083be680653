"""Public holidays of a country, and the weekend days that its government makes working days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from cc_metrics.errors import PolicyError, nearest


@dataclass(frozen=True, slots=True)
class PublicDays:
    """Days a country names: its *holidays* (observed days among them) and weekend days made *working* days."""

    holidays: frozenset[date]
    working: frozenset[date]


@lru_cache(maxsize=64)
def public_days(country: str, first_year: int, last_year: int) -> PublicDays:
    """The days that *country* (ISO 3166, such as "CN") names in these years, both included.

    The State Council announces China's exchanged days each autumn for the year after: for later years
    the library knows the holidays only, and not yet the working weekends.

    Raises:
        PolicyError: no public holidays are known for the country.

    >>> national = public_days("CN", 2023, 2023)
    >>> date(2023, 10, 6) in national.holidays, date(2023, 10, 7) in national.working
    (True, True)
    """
    import holidays  # loading it takes a tenth of a second

    known: Iterable[str] = holidays.list_supported_countries()
    if country not in known:
        raise PolicyError(
            f"no public holidays are known for {country!r}",
            hint=nearest(country, known) if country.upper() in known else "use a code of ISO 3166 such as 'CN' or 'DE'",
        )
    found = holidays.country_holidays(country, years=range(first_year, last_year + 1))
    return PublicDays(_within(found, first_year, last_year), _within(found.weekend_workdays, first_year, last_year))


def _within(days: Iterable[date], first_year: int, last_year: int) -> frozenset[date]:
    return frozenset(day for day in days if first_year <= day.year <= last_year)
