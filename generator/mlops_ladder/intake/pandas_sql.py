"""SQL that makes DuckDB read text as pandas reads it."""

from __future__ import annotations


def text(value: object) -> str:
    """A string as an SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


# Nanosecond time stamps reach from 1677 to 2262; a project may use them.
DATE = (
    r"(1[7-9]\d\d|2[01]\d\d)-\d\d(-\d\d([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
    r"(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?)?)?"
)
ZONE = r"(?:Z|[+-]\d\d:?\d\d)$"

# DuckDB casts more texts to numbers than pandas does; these are the differences.
MACROS = (
    """
    CREATE TEMP MACRO ladder_number(v) AS CASE
        WHEN contains(v, '_') OR contains(v, '+-') THEN NULL
        WHEN strlen(v) > 18 AND length(trim(v)) > 18 AND NOT regexp_matches(v, '[.eE]') THEN NULL
        WHEN isfinite(try_cast(v AS DOUBLE)) THEN try_cast(v AS DOUBLE)
        WHEN isinf(try_cast(v AS DOUBLE)) AND regexp_full_match(v, '(?i)[+-]?inf(inity)?')
            THEN try_cast(v AS DOUBLE) END
    """,
    f"""
    CREATE TEMP MACRO ladder_date(v) AS CASE
        WHEN NOT regexp_full_match(v, {text(DATE)}) THEN NULL
        WHEN strlen(v) IN (10, 19) THEN try_cast(v AS TIMESTAMP)
        WHEN length(v) = 7 THEN try_cast(v || '-01' AS TIMESTAMP)
        ELSE try_cast(
            left(replace(regexp_replace(v, {text("(.{10}.*)" + ZONE)}, '\\1'), 'T', ' '), 26) AS TIMESTAMP
        ) END
    """,
)
