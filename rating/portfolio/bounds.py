"""What no meter reads and no contract says: numbers so large that they are slips of the pen.

Below these bounds the engine's products and quotients stay within the digits of their columns.
"""

from models.portfolio import READ_KW, READ_KWH
from rating.portfolio.relations import Relation
from rating.portfolio.values import parsed, unread
from rating.store.quoting import literal

KWH, KW, OTHER = 1_000_000_000, 10_000_000, 1_000_000_000
# A number of a column is rejected from here on, whatever its sign.
BOUNDS = {
    "service_agreements": {"extra_facilities_investment": OTHER, "backup_firm_kw": KW},
    "meter_reads": {**dict.fromkeys(READ_KWH, KWH), **dict.fromkeys(READ_KW, KW)},
    "rider_enrollments": {"quantity": KW},
    "unit_inventory": {"quantity": OTHER, "input_watts": 100_000},
    "lighting_hours": {"hours": 10_000},
}
LEAST_FRACTION = "0.01"

# An attribute that the utility's tariffs count with must be a number, too.
AGREEMENT_NUMBERS = """
select row_no, string_agg(reason, '; ' order by position) as reason
from (
    select
        further.row_no,
        further.position,
        coalesce({unread}, {negative}, {beyond}) as reason
    from further_service_agreements as further
    inner join staged_service_agreements as staged on further.row_no = staged.row_no
    inner join tariff.agreement_determinant as determinant
        on staged.utility = determinant.utility and further.name = determinant.operand
)
where reason is not null
group by row_no
"""


def negative(name: str, value: str, text: str) -> str:
    """SQL for the problem of a negative number; null if it is not."""
    sentence = f"{name} || ' ' || shown({text}) || ' is negative: correct it'"
    return f"case when {value} < 0 then {sentence} end"


def beyond(name: str, value: str, text: str, bound: int) -> str:
    """SQL for the problem of a number that is too large; null if it is not."""
    sentence = f"{name} || ' ' || shown({text}) || ' is {bound:,} or more: correct it'"
    return f"case when abs({value}) >= {bound} then {sentence} end"


def separators(name: str, text: str) -> str:
    """SQL for the problem of a text with a control character that the engine joins texts by."""
    sentence = f"{name} || ' holds a control character: remove it'"
    return f"case when regexp_matches({text}, '[\\x1e\\x1f]') then {sentence} end"


def beyond_column(relation: Relation, column: str, value: str, text: str) -> list[str]:
    """SQL for what is beyond the bounds of a column, if it has any."""
    name = literal(column)
    found = []
    if column in BOUNDS.get(relation.name, {}):
        found.append(beyond(name, value, text, BOUNDS[relation.name][column]))
    if column in relation.fractions:
        found.append(
            f"case when {value} > 0 and {value} < {LEAST_FRACTION} then {name} || ' ' ||"
            f" shown({text}) || ' is below {LEAST_FRACTION}: correct it' end"
        )
    return found


def agreement_numbers() -> str:
    """SQL for the rows of agreements whose attributes should be numbers and are not."""
    name, text = "further.name", "further.value"
    value = parsed(text, "quantity")
    return AGREEMENT_NUMBERS.format(
        unread=unread(name, text, value, "quantity"),
        negative=negative(name, value, text),
        beyond=beyond(name, value, text, OTHER),
    )
