"""How the text of a portfolio file becomes a value, exactly or not at all, as SQL for DuckDB."""

from rating.portfolio.relations import WHITESPACE, Kind
from rating.store.quoting import literal

DECIMALS: dict[Kind, tuple[int, int]] = {"quantity": (12, 6), "cost": (12, 8), "money": (16, 2)}
TYPES: dict[Kind, str] = {
    "text": "varchar",
    "date": "date",
    "month": "date",
    "boolean": "boolean",
    "quantity": "decimal(18, 6)",
    "cost": "decimal(20, 8)",
    "money": "decimal(18, 2)",
    "instant": "timestamp",
    "minutes": "integer",
}
FORMS: dict[Kind, str] = {
    "date": "is not a date: write YYYY-MM-DD",
    "month": "is not a month: write YYYY-MM",
    "boolean": "is neither true nor false: write one of them",
    "instant": "is not an instant: write it with its offset, as 2025-07-01T13:15:00-05:00",
    "minutes": "is not 15, 30 or 60: give intervals of such a length",
}
FIRST_INSTANT, LAST_INSTANT = "2000-01-01", "2101-01-01"
QUARTER_US = 15 * 60 * 1_000_000
INSTANT = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?"
    r"(Z|[+-](0[0-9]|1[0-4])(:?[0-5][0-9])?)"
)
NUMBER = r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
VALUES: dict[Kind, str] = {
    "boolean": "case lower(TEXT) when 'true' then true when 'false' then false end",
    "minutes": "case when regexp_full_match(TEXT, '(15|30|60)([.]0*)?')"
    " then cast(left(TEXT, 2) as integer) end",
    # Seconds may be left out; DuckDB needs them.
    "instant": f"case when regexp_full_match(TEXT, '{INSTANT}') then make_timestamp(epoch_us("
    r"try_cast(regexp_replace(TEXT, '^(.{16})([Z+-])', '\1:00\2') as timestamptz))) end",
}

# A number of any form is digits x 10 ^ place, without zeros at either end of the digits.
MACROS = r"""
create or replace temp macro trimmed(value) as
    case when value = '' then null
        when regexp_matches(value, '^[^!-~]|[^!-~]$') then nullif(trim(value, {whitespace}), '')
        else value end;
create or replace temp macro shown(value) as
    case when length(value) > 40 then left(value, 40) || ' …' else value end;
create or replace temp macro number_part(number, part) as
    regexp_extract(number, '^[+-]?([0-9]*)\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?$', part);
create or replace temp macro number_digits(number) as
    ltrim(number_part(number, 1) || number_part(number, 2), '0');
create or replace temp macro number_place(number) as
    case when number_part(number, 3) = '' then 0
        else try_cast(number_part(number, 3) as integer) end
    - length(number_part(number, 2))
    + length(number_digits(number)) - length(rtrim(number_digits(number), '0'));
create or replace temp macro plain_number(digits, place) as
    case when place >= 0 then digits || repeat('0', place)
        else left(lpad(digits, greatest(length(digits), 1 - place)::integer, '0'), place) || '.'
            || right(lpad(digits, greatest(length(digits), 1 - place)::integer, '0'), -place) end;
create or replace temp macro exact_number(number, whole, scale) as
    case when rtrim(number_digits(number), '0') = '' then '0'
        when number_place(number) >= -scale
            and length(rtrim(number_digits(number), '0')) + number_place(number) <= whole
        then case when number[1] = '-' then '-' else '' end
            || plain_number(rtrim(number_digits(number), '0'), number_place(number)) end;
""".replace("{whitespace}", literal(WHITESPACE))


def parsed(text: str, kind: Kind, blank: str = "null") -> str:
    """SQL for the value of a trimmed text: null where it is not one, `blank` where it is null."""
    if kind == "text":
        return text
    if kind in DECIMALS:
        whole, scale = DECIMALS[kind]
        value = (
            f"case when regexp_full_match({text}, '[+-]?[0-9]{{1,{whole}}}"
            f"(\\.[0-9]{{1,{scale}}}0*)?') then try_cast({text} as {TYPES[kind]})"
            f" when regexp_full_match({text}, '{NUMBER}')"
            f" then try_cast(exact_number({text}, {whole}, {scale}) as {TYPES[kind]}) end"
        )
    elif kind in VALUES:
        value = VALUES[kind].replace("TEXT", text)
    else:
        day = "-[0-9]{2}" if kind == "date" else ""
        first = "" if kind == "date" else " || '-01'"
        earliest = "0001" if kind == "date" else "1000"
        form = f"[0-9]{{4}}-[0-9]{{2}}{day}"
        value = (
            f"case when {text} >= '{earliest}' and regexp_full_match({text}, '{form}')"
            f" then try_cast({text}{first} as date) end"
        )
    return value if blank == "null" else f"case when {text} is null then {blank} else {value} end"


def unread(name: str, text: str, value: str, kind: Kind) -> str:
    """SQL for what is wrong with a text that is not null and has no value; null if nothing."""
    if kind in DECIMALS:
        whole, scale = DECIMALS[kind]
        sentence = (
            f"case when regexp_full_match({text}, '{NUMBER}') then ' is too long to be exact:"
            f" write at most {whole} digits before and {scale} after the decimal point'"
            f" else ' is not a number: write digits with a decimal point' end"
        )
    else:
        sentence = literal(" " + FORMS[kind])
    return (
        f"case when {text} is not null and {value} is null"
        f" then {name} || ' ''' || shown({text}) || '''' || {sentence} end"
    )


def off_clock(name: str, value: str) -> str:
    """SQL for what is wrong with an instant at which no interval begins; null if nothing."""
    return (
        f"case when {value} < timestamp '{FIRST_INSTANT}' or {value} >= timestamp '{LAST_INSTANT}'"
        f" then {name} || ' lies outside the years 2000 to 2100: correct it'"
        f" when epoch_us({value}) % {QUARTER_US} <> 0"
        f" then {name} || ' is no quarter of an hour: correct it' end"
    )
