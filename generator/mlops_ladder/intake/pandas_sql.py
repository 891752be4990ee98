"""SQL that makes DuckDB read text as pandas reads it."""

from __future__ import annotations


def text(value: object) -> str:
    """A string as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


# Year first. pandas calls all of these ISO 8601; one mark throughout, any year, and a nanosecond at the finest.
_HOUR = r"([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?)?"
_DAYS = rf"(-\d\d?(-\d\d?{_HOUR})?|/\d\d?/\d\d?{_HOUR}|\.\d\d?\.\d\d?{_HOUR})"
DATE = rf"(\d{{3}}[1-9]|\d\d[1-9]0|\d[1-9]00|[1-9]000){_DAYS}"  # there is no year 0
ZONE = r"(?:Z|[+-]\d\d:?\d\d)$"

# DuckDB casts more texts to numbers than pandas does; these are the differences.
MACROS = (
    # Where none is infinite this says the same as the next, with one cast instead of two.
    """
    CREATE TEMP MACRO ladder_finite(v) AS CASE
        WHEN contains(v, '_') OR contains(v, '+-') THEN NULL
        WHEN strlen(v) > 18 AND length(trim(v)) > 18 AND NOT regexp_matches(v, '[.eE]') THEN NULL
        ELSE try_cast(v AS DOUBLE) END
    """,
    """
    CREATE TEMP MACRO ladder_number(v) AS CASE
        WHEN isfinite(ladder_finite(v)) THEN ladder_finite(v)
        WHEN isinf(ladder_finite(v)) AND regexp_full_match(v, '(?i)[+-]?inf(inity)?') THEN ladder_finite(v) END
    """,
    f"""
    CREATE TEMP MACRO ladder_date(v) AS CASE
        WHEN NOT regexp_full_match(v, {text(DATE)}) THEN NULL
        WHEN strlen(v) IN (10, 19) AND v LIKE '____-__-__%' THEN try_cast(v AS TIMESTAMP)
        WHEN length(v) <= 7 THEN try_cast(v || '-01' AS TIMESTAMP)
        ELSE try_cast(
            replace(replace(left(v, 10), '/', '-'), '.', '-')
            || left(replace(regexp_replace(v[11:], {text(ZONE)}, ''), 'T', ' '), 16) AS TIMESTAMP
        ) END
    """,
)
