"""The table of cases: what lies before a period leaves only its stock in it."""

from case_fixture import reported, write, written

DAY = 'measure = "turnaround"\nwithin = "24 hours"\ntarget = "90 %"'


def table(folder, rows, *columns, **asked):
    """Some columns of the table of cases, row by row."""
    cases = write(folder / "cases.csv", [{"kind": "repair", **row} for row in rows])
    found = reported([cases], written(folder, DAY), **asked)
    return [tuple(row[column] for column in columns) for row in found.cases]


def case(number, opened, resolved=""):
    return {"case_id": f"c{number}", "opened_at": opened, "resolved_at": resolved}


def test_a_period_that_begins_inside_an_interval(tmp_path):
    """21 August 2013 is a Wednesday: what happened on the Monday belongs to the week, but not to the period."""
    rows = [
        case(1, "2013-08-19T09:00:00", "2013-08-19T12:00:00"),
        case(2, "2013-08-19T09:00:00"),
        case(3, "2013-08-21T09:00:00", "2013-08-21T10:00:00"),
        case(4, "2013-08-22T23:59:00"),
    ]
    columns = ("start", "opened", "closed", "open", "due", "in_time", "overdue_open", "mean_s", "longest_s")
    [week] = table(tmp_path, rows, *columns, every="1w", start="2013-08-21")
    assert week == ("2013-W34", 2, 1, 2, 1, 1, 1, 3600, 3600)
    [whole] = table(tmp_path, rows, *columns, start="2013-08-21")
    assert whole[1:] == week[1:]
    days = table(tmp_path, rows, *columns[:4], every="1d", start="2013-08-19 10:00")
    assert days[0] == ("2013-08-19", 0, 1, 1)


def test_what_happened_at_as_of_is_known(tmp_path):
    """The one day of the data is not covered, so as_of is its last moment: nothing is open and closed at once."""
    rows = [
        case(1, "2013-08-20T01:00:00", "2013-08-20T12:00:00"),
        case(2, "2013-08-20T12:00:00"),
        case(3, "2013-08-20T02:00:00"),
    ]
    columns = ("opened", "closed", "open", "oldest_open_s", "floor_mean_s")
    assert table(tmp_path, rows, *columns) == [(3, 1, 2, 10 * 3600, 7 * 3600)]
    assert table(tmp_path, rows, *columns[:3], every="1d") == [(3, 1, 2)]


def test_due_at_the_end_of_a_period_is_due_in_the_next(tmp_path):
    rows = [case(1, "2013-08-20T00:00:00"), case(2, "2013-08-22T23:59:00")]
    columns = ("due", "overdue_open")
    assert table(tmp_path, rows, *columns, date="2013-08-20") == [(0, 0)]
    assert table(tmp_path, rows, *columns, date="2013-08-21") == [(1, 1)]
    days = table(tmp_path, rows, "start", *columns, every="1d", end="2013-08-22")
    assert days == [("2013-08-20", 0, 0), ("2013-08-21", 1, 1)]


def test_a_quiet_day_shows_what_is_open(tmp_path):
    """Nothing happened on the 22nd: its row holds the backlog; a group with nothing open has no row then."""
    rows = [
        case(1, "2013-08-19T09:00:00"),
        {**case(2, "2013-08-19T09:00:00", "2013-08-19T10:00:00"), "kind": "install"},
        case(3, "2013-08-21T23:59:00", "2013-08-21T23:59:00"),
        case(4, "2013-08-23T23:59:00", "2013-08-23T23:59:00"),
    ]
    days = table(tmp_path, rows, "start", "kind", "opened", "closed", "open", "overdue_open", "mean_s", every="1d")
    assert days == [
        ("2013-08-19", "install", 1, 1, 0, 0, 3600),
        ("2013-08-19", "repair", 1, 0, 1, 0, None),
        ("2013-08-20", "install", 0, 0, 0, 0, None),  # it fell due
        ("2013-08-20", "repair", 0, 0, 1, 1, None),
        ("2013-08-21", "repair", 1, 1, 1, 1, 0),
        ("2013-08-22", "repair", 0, 0, 1, 1, None),
        ("2013-08-23", "repair", 1, 1, 1, 1, 0),
    ]
