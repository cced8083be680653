"""Days as people name them: the whole days, weeks and months before today, as today is in the reporting zone."""

from datetime import UTC, date, datetime

import pytest

from cc_metrics.errors import UsageError
from cc_metrics.measures.coverage import Day, cover
from cc_metrics.model import zones
from cc_metrics.model.promise import ClosedDays
from cc_metrics.reporting import named_days, period

HOUR = 3_600_000


@pytest.fixture
def at(monkeypatch):
    def freeze(text):
        moment = datetime.fromisoformat(text).replace(tzinfo=UTC)
        monkeypatch.setattr(named_days, "now", lambda: moment)

    return freeze


@pytest.mark.parametrize(
    ("text", "now", "zone", "first", "last"),
    [
        ("yesterday", "2013-08-20T15:59:59", "Asia/Shanghai", date(2013, 8, 19), date(2013, 8, 19)),
        ("yesterday", "2013-08-20T16:00:00", "Asia/Shanghai", date(2013, 8, 20), date(2013, 8, 20)),
        ("yesterday", "2013-08-20T03:59:59", "America/New_York", date(2013, 8, 18), date(2013, 8, 18)),
        ("yesterday", "2013-08-20T04:00:00", "America/New_York", date(2013, 8, 19), date(2013, 8, 19)),
        ("last-week", "2013-08-25T15:59:59", "Asia/Shanghai", date(2013, 8, 12), date(2013, 8, 18)),
        ("last-week", "2013-08-25T16:00:00", "Asia/Shanghai", date(2013, 8, 19), date(2013, 8, 25)),
        ("last-month", "2013-12-31T15:59:59", "Asia/Shanghai", date(2013, 11, 1), date(2013, 11, 30)),
        ("last-month", "2013-12-31T16:00:00", "Asia/Shanghai", date(2013, 12, 1), date(2013, 12, 31)),
        ("last-month", "2016-03-10T12:00:00", "Europe/Berlin", date(2016, 2, 1), date(2016, 2, 29)),
    ],
)
def test_today_is_that_of_the_reporting_zone(at, text, now, zone, first, last):
    at(now)
    assert named_days.named(text, zone) == (first, last)


@pytest.mark.parametrize(
    ("now", "hours"), [("2013-04-01T10:00:00", 167), ("2013-10-28T10:00:00", 169), ("2013-08-20T10:00:00", 168)]
)
def test_a_week_is_as_long_as_its_clock_changes_make_it(at, now, hours):
    at(now)
    offsets = zones.offsets("Europe/Berlin", 1_350_000_000_000, 1_400_000_000_000)
    moment = int(datetime(2013, 8, 14, 10, tzinfo=UTC).timestamp() * 1000)
    days = [Day(date(2013, 8, 14), 1, moment, moment)]
    judged = period.judge(
        period.Span(date="last-week"), days, cover(days, offsets, ClosedDays()), offsets, "Europe/Berlin"
    )
    assert judged.period.to_ms - judged.period.from_ms == hours * HOUR
    assert [judged.days[0].weekday(), judged.days[-1].weekday(), len(judged.days)] == [0, 6, 7]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2013-08-20", date(2013, 8, 20), date(2013, 8, 20)),
        ("2013-02", date(2013, 2, 1), date(2013, 2, 28)),
        ("2013-12", date(2013, 12, 1), date(2013, 12, 31)),
        ("2013-W01", date(2012, 12, 31), date(2013, 1, 6)),
        ("2015-W53", date(2015, 12, 28), date(2016, 1, 3)),
    ],
)
def test_written_days_months_and_weeks(text, first, last):
    assert named_days.named(text, None) == (first, last)


def test_a_date_may_leave_its_hyphens_out():
    assert named_days.named("20130820", None) == named_days.named("2013-08-20", None)


@pytest.mark.parametrize("text", ["2013-13", "2013-W53", "2013-08-32", "201308", "2013-8", "tomorrow", "", "٢٠١٣-٠٨"])
def test_anything_else_is_refused(text):
    with pytest.raises(UsageError, match="is not a date"):
        named_days.check(text)


@pytest.mark.parametrize("text", ["1969-12", "2100-01", "2099-W53"])
def test_far_years_are_refused(text):
    with pytest.raises(UsageError, match="outside 1970 to 2099"):
        named_days.check(text)


@pytest.mark.parametrize("text", named_days.RELATIVE)
def test_without_a_zone_there_is_no_today(text):
    with pytest.raises(UsageError, match="needs a reporting zone"):
        named_days.named(text, None)
