"""Small pieces that several measures are made of: shares of something, seconds, counts by outcome."""


def share(part: int, whole: int) -> float | None:
    """A share of a whole; None, never 0 or 1, of nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None


def seconds(length_ms: int) -> float:
    """Milliseconds as seconds, a whole number where it is one.

    >>> seconds(20_000), seconds(1_500)
    (20, 1.5)
    """
    return length_ms // 1000 if length_ms % 1000 == 0 else length_ms / 1000


def mean_seconds(total_ms: int, number: int) -> float | None:
    """A mean in seconds from a sum in milliseconds; None of nothing.

    >>> mean_seconds(3_500, 2), mean_seconds(0, 0)
    (1.75, None)
    """
    return total_ms / (1000 * number) if number else None


def outcome(word: str, condition: str = "TRUE") -> str:
    """SQL that counts the calls of an outcome in summary rows where a condition holds."""
    return total("n", f"outcome = '{word}' AND {condition}")


def total(column: str, condition: str) -> str:
    """SQL for the sum of a summary column where a condition holds; 0 of nothing."""
    return f"CAST(coalesce(sum({column}) FILTER (WHERE {condition}), 0) AS BIGINT)"
