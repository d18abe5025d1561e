"""Seed files that are refused: which file, which place, and what to do; and what others make."""

from pathlib import Path

import pytest
from seed_texts import GOOD, UTILITY, refusals, write_seeds

from models import tariff
from rating.errors import RatebookError
from rating.seed.read import read_books
from rating.seed.rows import tariff_rows

FILE = "seeds/zz/one.yaml"
VERSION = f"{FILE}: version 2020-01-01:"


def changed(old: str, new: str) -> str:
    """The good seed file with one place changed."""
    assert GOOD.count(old) == 1
    return GOOD.replace(old, new)


def before_charges(text: str) -> str:
    """The good seed file with a further part of its version."""
    return changed("    charges:\n", text + "    charges:\n")


def test_good_file_is_read(tmp_path):
    books = read_books([write_seeds(tmp_path, GOOD)])
    assert [schedule.schedule for schedule in books[0].schedules] == ["ONE"]


def test_uncited_charge(tmp_path):
    text = changed("        sheet: p. 2\n", "")
    assert refusals(tmp_path, text) == [
        f"{FILE}:10: versions 2020-01-01 charges energy cites no sheet"
    ]


def test_uncited_version(tmp_path):
    text = changed("    sheet: p. 1\n", "")
    assert refusals(tmp_path, text) == [f"{FILE}:7: versions 2020-01-01 cites no sheet"]


def test_overlapping_versions(tmp_path):
    text = GOOD + "  - effective_from: 2021-01-01\n    sheet: p. 3\n"
    assert refusals(tmp_path, text) == [
        f"{FILE}: version 2020-01-01 overlaps version 2021-01-01; end it on or before that date"
    ]


def test_version_that_ends_before_it_begins(tmp_path):
    text = changed("    sheet: p. 1\n", "    effective_to: 2019-01-01\n    sheet: p. 1\n")
    assert refusals(tmp_path, text) == [
        f"{FILE}: version 2020-01-01 ends on 2019-01-01, not after it begins; correct effective_to"
    ]


def test_blocks_with_a_gap(tmp_path):
    assert refusals(tmp_path, changed('over: "300"', 'over: "400"')) == [
        f"{VERSION} charge energy block 3 is over 400, but the blocks before it end at 300"
    ]


def test_blocks_whose_last_is_not_over(tmp_path):
    assert refusals(tmp_path, changed('over: "300"', 'next: "300"')) == [
        f"{VERSION} charge energy block 3 does not join: the last block, and only it, is `over`"
    ]


def test_blocks_whose_first_is_not_first(tmp_path):
    assert refusals(tmp_path, changed('first: "100"', 'next: "100"')) == [
        f"{VERSION} charge energy block 1 does not join: only the first block, and it always,"
        " is `first`"
    ]


def test_block_without_width(tmp_path):
    text = changed('first: "100"', 'first: "0"').replace('over: "300"', 'over: "200"')
    assert refusals(tmp_path, text) == [
        f"{VERSION} charge energy block 1 has no width; give it one above 0, or leave it out"
    ]


def test_block_for_all_beside_others(tmp_path):
    assert refusals(tmp_path, changed('over: "300"', "all: true")) == [
        f"{VERSION} charge energy has a block for all beside others; end with `over`, or write"
        " `all` alone"
    ]


def test_slices_of_a_split_that_do_not_join(tmp_path):
    text = before_charges(
        "    splits:\n      - split: kwh\n        sheet: p. 1\n"
        '        into: [{first: "10", slice: a}, {over: "20", slice: b}]\n'
    )
    assert refusals(tmp_path, text) == [
        f"{VERSION} split kwh block 2 is over 20, but the blocks before it end at 10"
    ]


def test_unknown_determinant(tmp_path):
    assert refusals(tmp_path, changed("per: kwh\n", "per: kwhh\n")) == [
        f"{VERSION} charge energy uses the unknown determinant kwhh; define it or correct the name"
    ]


def test_required_determinant_that_is_unknown(tmp_path):
    assert refusals(tmp_path, before_charges("    requires: [kwhh]\n")) == [
        f"{VERSION} requires uses the unknown determinant kwhh; define it or correct the name"
    ]


def test_unquoted_number(tmp_path):
    assert refusals(tmp_path, changed('price: "0.09"', "price: 0.09")) == [
        f"{FILE}:18: versions 2020-01-01 charges energy blocks no. 2 price 0.09 is not a quoted"
        " decimal; write it in quotes, as printed"
    ]


def test_wrong_number(tmp_path):
    assert refusals(tmp_path, changed('price: "0.09"', 'price: "9 cents"')) == [
        f"{FILE}:18: versions 2020-01-01 charges energy blocks no. 2 price '9 cents' is not a"
        " decimal number; write digits and a point only"
    ]


def test_number_with_more_decimals_than_a_price_has(tmp_path):
    (found,) = refusals(tmp_path, changed('price: "0.09"', 'price: "0.123456789"'))
    assert found.startswith(f"{FILE}:18: ")
    assert "decimals" in found, found


def test_unknown_field(tmp_path):
    assert refusals(tmp_path, changed("        per: kwh\n", "        perr: kwh\n")) == [
        f"{FILE}:13: versions 2020-01-01 charges energy perr has an unknown field perr; see"
        " docs/transcribing.md"
    ]


def test_key_given_twice(tmp_path):
    assert refusals(tmp_path, changed("title: One\n", "title: One\ntitle: Two\n")) == [
        f"{FILE}: is not readable YAML: line 4: title is given twice"
    ]


def test_unknown_book(tmp_path):
    assert refusals(tmp_path, changed("document: book", "document: magazine")) == [
        f"{FILE}: version 2020-01-01 cites the unknown book magazine"
    ]


def test_seasons_that_miss_a_month(tmp_path):
    text = before_charges(
        "    seasons:\n      sheet: p. 1\n"
        "      months: {cold: [1, 2, 3], warm: [4, 5, 6, 7, 8, 9, 10, 11]}\n"
    )
    assert refusals(tmp_path, text) == [
        f"{FILE}:10: versions 2020-01-01 seasons the seasons do not name each month from 1 to 12"
        " once"
    ]


def test_season_that_the_version_does_not_have(tmp_path):
    text = changed("        per: kwh\n", "        per: kwh\n        season: summer\n")
    assert refusals(tmp_path, text) == [
        f"{VERSION} charge energy names the season summer, but the version has no seasons; add them"
        " (in a clause or rider, when: {season: summer} may name one of its schedules)"
    ]
    months = "{cold: [1, 2, 3, 4, 5, 6], warm: [7, 8, 9, 10, 11, 12]}"
    seasons = f"    seasons: {{sheet: p. 1, months: {months}}}\n"
    text = text.replace("    charges:\n", f"{seasons}    charges:\n")
    assert refusals(tmp_path, text) == [
        f"{VERSION} charge energy names the season summer, which the version's seasons do not have"
    ]


def test_price_of_some_seasons_only(tmp_path):
    seasons = "    seasons:\n      sheet: p. 1\n      months: {cold: [1, 2, 3, 4, 5, 6], "
    text = before_charges(seasons + "warm: [7, 8, 9, 10, 11, 12]}\n")
    text = text.replace('price: "0.09"', 'price: {cold: "0.09"}')
    assert refusals(tmp_path, text) == [
        f"{VERSION} charge energy prices cold only; price every season"
    ]


def test_prices_that_name_every_season_only_together(tmp_path):
    months = "{cold: [1, 2, 3, 4, 5, 6], warm: [7, 8, 9, 10, 11, 12]}"
    text = before_charges(f"    seasons: {{sheet: p. 1, months: {months}}}\n")
    text = text.replace('price: "0.09"', 'price: {cold: "0.09"}')
    text = text.replace('price: "0.08"', 'price: {warm: "0.08"}')
    assert refusals(tmp_path, text) == [
        f"{VERSION} charge energy prices cold only; price every season",
        f"{VERSION} charge energy prices warm only; price every season",
    ]


def test_price_of_no_season_at_all(tmp_path):
    text = changed('price: "0.09"', "price: {}")
    assert refusals(tmp_path, text) == [
        f"{FILE}:18: versions 2020-01-01 charges energy blocks no. 2 price is empty; give at least"
        " one"
    ]


def test_base_that_names_a_missing_charge(tmp_path):
    assert refusals(tmp_path, GOOD + MINIMUM.format(base="{charges: [enrgy]}")) == [
        f"{VERSION} charge minimum looks at charge enrgy, which the book does not have"
    ]


MINIMUM = """\
      - code: minimum
        description: Minimum
        component: minimum
        kind: minimum
        price: "5"
        of: {base}
        sheet: p. 2
"""


def test_the_line_of_a_minimum_by_blocks_is_of_no_block(tmp_path):
    blocks = 'per: kw, blocks: [{first: "10", flat: "40"}, {over: "10", price: "2"}]'
    minimum = MINIMUM.format(base="{charges: [energy]}").replace(
        'price: "5"', blocks.replace(", blocks", "\n        blocks")
    )
    rows = tariff_rows(read_books([write_seeds(tmp_path, GOOD + minimum)]))
    words = [row["description"] for row in rows[tariff.ChargeStep]]
    assert words[-2:] == ["Minimum", "Minimum"]
    assert words[0] == "Energy, first 100 kWh"


def test_charge_that_stands_twice(tmp_path):
    text = GOOD + GOOD[GOOD.index("      - code") :]
    assert refusals(tmp_path, text) == [
        f"{VERSION} charge energy stands twice; give each its own code"
    ]


COVERED = GOOD.replace("per: kwh\n", "per: kwh\n        covers: kwh\n")
SEASONS = """\
    seasons:
      sheet: p. 1
      months: {cold: [1, 2, 3, 4, 5, 6], warm: [7, 8, 9, 10, 11, 12]}
"""
MORE = """\
      - {{code: more, description: More, component: energy, per: kwh, price: "1", sheet: p. 1,
         {covers}}}
"""


@pytest.mark.parametrize("covers", ["covers: kwh", "covers: kwh, season: cold"])
def test_quantity_that_two_charges_cover_whole(tmp_path, covers):
    text = COVERED.replace("    charges:\n", SEASONS + "    charges:\n")
    assert refusals(tmp_path, text + MORE.format(covers=covers)) == [
        f"{VERSION} charges energy and more both cover all of kwh; let one of them cover it"
    ]


@pytest.mark.parametrize("covers", ["one_time: false", "covers: kwh, when: {voltage: primary}"])
def test_quantity_that_two_charges_may_cover_in_turn(tmp_path, covers):
    read_books([write_seeds(tmp_path, COVERED + MORE.format(covers=covers))])


def test_demand_that_stands_twice(tmp_path):
    demand = "      - {name: billing, greatest_of: [{measured: kw}], sheet: p. 1}\n"
    (sentence,) = refusals(tmp_path, before_charges(f"    demands:\n{demand * 2}"))
    assert "demand billing stands twice; give each its own name" in sentence


TWICE = "sum: [{of: kwh, times: '2'}]"
THRICE = "sum: [{of: kwh, times: '3'}]"
PRIMARY = "when: {voltage: primary}"


def defined(*definitions: str) -> str:
    """The good seed file with a determinant q for each definition."""
    each = "".join(f"      - {{name: q, {one}, sheet: p. 1}}\n" for one in definitions)
    return before_charges(f"    determinants:\n{each}")


@pytest.mark.parametrize(
    "definitions",
    [(TWICE, THRICE), (f"{TWICE}, {PRIMARY}", THRICE), (TWICE, THRICE, TWICE),
     (f"{TWICE}, at: metering", TWICE, f"{THRICE}, at: metering"),
     (TWICE, "greatest: [q, kwh]"), (TWICE, "product: [kwh], divided_by: q")],
)  # fmt: skip
def test_determinant_whose_earlier_definition_has_no_effect(tmp_path, definitions):
    assert refusals(tmp_path, defined(*definitions)) == [
        f"{VERSION} determinant q is defined again without a condition, so that what stands before"
        " has no effect; remove one, or give the later one a when"
    ]


@pytest.mark.parametrize(
    "definitions",
    [(TWICE, f"{THRICE}, {PRIMARY}"), (f"{TWICE}, at: metering", THRICE)],
)
def test_determinant_that_may_be_defined_again(tmp_path, definitions):
    read_books([write_seeds(tmp_path, defined(*definitions))])


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('payment: {gross_percent: "5", sheet: p. 1}',
         "gross_percent should be greater than or equal to 100"),
        ('demands: [{name: billing, greatest_of: [{measured: kw, percent: "-80"}], sheet: p. 1}]',
         "percent should be greater than or equal to 0"),
    ],
)  # fmt: skip
def test_percentage_that_is_too_small(tmp_path, part, words):
    sentence, *_ = refusals(tmp_path, before_charges(f"    {part}\n"))
    assert sentence.endswith(words)


def test_factor_without_a_formula(tmp_path):
    text = MINIMUM.replace("kind: minimum", "kind: factor").replace('price: "5"', "per: kwh")
    assert refusals(tmp_path, GOOD + text.replace("        of: {base}\n", "")) == [
        f"{VERSION} charge minimum is priced by a factor, but the version has no formula"
    ]


def test_malformed_yaml(tmp_path):
    (found,) = refusals(tmp_path, changed("versions:\n", "versions: [\n"))
    assert found.startswith(f"{FILE}: is not readable YAML: line 7: ")


@pytest.mark.parametrize("text", ["", "- one\n- two\n", "one"])
def test_file_without_a_mapping(tmp_path, text):
    assert refusals(tmp_path, text) == [
        f"{FILE}: holds no mapping; begin with utility: and schedule:"
    ]


def test_folder_without_seed_files(tmp_path):
    with pytest.raises(RatebookError, match="holds no seed files; name a folder with UTILITY/"):
        read_books([tmp_path])


def test_utility_without_its_file(tmp_path):
    folder = write_seeds(tmp_path, GOOD)
    (folder / "zz" / "utility.yaml").unlink()
    with pytest.raises(RatebookError, match=r"one.yaml: utility zz has no utility.yaml; add one"):
        read_books([folder])


def test_broken_utility_file_is_not_called_missing(tmp_path):
    folder = write_seeds(tmp_path, GOOD, UTILITY.replace("America/Chicago", "Mars/Olympus"))
    other = tmp_path / "other" / "zz"
    other.mkdir(parents=True)
    (other / "two.yaml").write_text(GOOD.replace("ONE", "TWO"), "utf-8")
    with pytest.raises(RatebookError) as refused:
        read_books([folder, tmp_path / "other"])
    (sentence,) = refused.value.messages
    assert sentence.startswith("seeds/zz/utility.yaml:3: time_zone ")


@pytest.mark.parametrize("mistake", ["perr: kwh\n", "per: [kwh\n"])
def test_what_stands_in_a_refused_file_is_not_called_missing(tmp_path, mistake):
    folder = write_seeds(tmp_path, changed("per: kwh\n", mistake))
    tax = "{code: tax, description: Tax, component: rider, stage: tax, kind: percent, sheet: p. 1"
    tax += ', percent: "5", of: {schedules: [ONE, GONE], charges: [energy, enrgy]}}'
    head, _ = GOOD.replace("schedule: ONE", "schedule: TWO").split("      - code")
    (folder / "zz" / "two.yaml").write_text(f"{head}      - {tax}\n", "utf-8")
    with pytest.raises(RatebookError) as refused:
        read_books([folder])
    assert refused.value.messages[0].startswith(f"{FILE}:")
    missing = (
        "seeds/zz/two.yaml: version 2020-01-01: charge tax looks at {}, which the book does not"
    )
    assert [one for one in refused.value.messages if one.startswith("seeds/zz/two")] == [
        missing.format(name) + " have" for name in ("charge enrgy", "schedule GONE")
    ]


CHARGE = '      - {{code: c{}, description: C, component: energy, per: {}, price: "1"{}}}\n'


def test_of_many_mistakes_of_a_file_the_first_twenty_are_told(tmp_path):
    written = "".join(CHARGE.format(number, "kwh", "") for number in range(21))
    found = refusals(tmp_path, GOOD + written)
    # The good file has 19 lines.
    assert found[19] == f"{FILE}:39: versions 2020-01-01 charges c19 cites no sheet"
    assert found[20:] == [f"{FILE}: and 1 more"]
    meant = "".join(CHARGE.format(number, "kwhh", ", sheet: p. 1") for number in range(1233))
    found = refusals(tmp_path, GOOD + meant)
    assert "charge c19 uses the unknown determinant kwhh" in found[19]
    assert found[20:] == [f"{FILE}: and 1,213 more"]
    assert len(refusals(tmp_path, GOOD + "".join(written.splitlines(keepends=True)[:20]))) == 20


def test_schedule_that_stands_in_two_files(tmp_path):
    folder = write_seeds(tmp_path, GOOD)
    (folder / "zz" / "two.yaml").write_text(GOOD, "utf-8")
    with pytest.raises(RatebookError, match=r"two.yaml: schedule ONE stands in seeds/zz/one.yaml"):
        read_books([folder])


@pytest.mark.parametrize("name", ["two.yml", "two.YAML", "two.YML", "utility.yml"])
def test_seed_file_of_another_ending_is_not_passed_over(tmp_path, name):
    folder = write_seeds(tmp_path, GOOD)
    (folder / "zz" / name).write_text(GOOD, "utf-8")
    (folder / "zz" / "notes.txt").write_text("not a seed file")
    with pytest.raises(RatebookError) as refused:
        read_books([folder])
    other = f"{name.partition('.')[0]}.yaml"
    assert refused.value.messages == [
        f"seeds/zz/{name}: is not read; name it {other} or move it away"
    ]


def test_utility_that_two_files_describe(tmp_path):
    folder = write_seeds(tmp_path, GOOD)
    further = tmp_path / "more"
    (further / "zz").mkdir(parents=True)
    (further / "zz" / "two.yaml").write_text(GOOD.replace("ONE", "TWO"), "utf-8")
    (book,) = read_books([folder, further])  # a folder of further schedules needs none
    assert [schedule.schedule for schedule in book.schedules] == ["ONE", "TWO"]
    (further / "zz" / "utility.yaml").write_text(UTILITY.replace("Chicago", "Denver"), "utf-8")
    with pytest.raises(RatebookError) as refused:
        read_books([folder, further])
    assert refused.value.messages == [
        f"more/zz/utility.yaml: utility zz stands in {folder}/zz/utility.yaml too; keep one of"
        " them, for a folder of further schedules needs none"
    ]


def test_documents_of_two_utilities_need_names_of_their_own(tmp_path):
    folder = write_seeds(tmp_path, GOOD)
    (folder / "yy").mkdir()
    other = UTILITY.replace("utility: zz", "utility: yy")
    (folder / "yy" / "utility.yaml").write_text(other, "utf-8")
    with pytest.raises(RatebookError) as refused:
        read_books([folder])
    assert refused.value.messages == [
        f"seeds/zz/utility.yaml: document book stands in {folder}/yy/utility.yaml too; give it"
        " another name, for no two utilities have one"
    ]
    (folder / "yy" / "utility.yaml").write_text(other.replace("book,", "book-yy,"), "utf-8")
    assert [book.utility.utility for book in read_books([folder])] == ["yy", "zz"]


def test_document_that_stands_twice(tmp_path):
    folder = write_seeds(tmp_path, GOOD, UTILITY + "  - {document: book, title: Again}\n")
    with pytest.raises(RatebookError) as refused:
        read_books([folder])
    assert refused.value.messages == [
        "seeds/zz/utility.yaml: document book stands twice; keep one of them"
    ]


def test_everything_that_is_wrong_is_told_at_once(tmp_path):
    text = changed("per: kwh\n", "per: kwhh\n").replace('over: "300"', 'over: "400"')
    assert len(refusals(tmp_path, text)) == 2


def test_determinants_in_a_circle_name_their_file_and_hide_nothing(tmp_path):
    pair = "{name: x, sum: [y], sheet: p. 1}, {name: y, sum: [x], sheet: p. 1}"
    folder = write_seeds(tmp_path, before_charges(f"    determinants: [{pair}]\n"))
    wrong = GOOD.replace("schedule: ONE", "schedule: TWO").replace("per: kwh\n", "per: kwhh\n")
    (folder / "zz" / "two.yaml").write_text(wrong, "utf-8")
    with pytest.raises(RatebookError) as refused:
        read_books([folder])
    assert refused.value.messages == [
        f"{VERSION} determinants of p. 1 are defined by each other in a circle; break it",
        "seeds/zz/two.yaml: version 2020-01-01: charge energy uses the unknown determinant kwhh;"
        " define it or correct the name",
    ]


def test_utility_file_is_checked_like_the_others(tmp_path):
    folder = write_seeds(tmp_path, GOOD, UTILITY.replace("name: Invented\n", ""))
    with pytest.raises(RatebookError, match=r"seeds/zz/utility.yaml:1: .*lacks name; add it"):
        read_books([folder])


def test_attribute_of_an_agreement_that_has_the_name_of_a_column_of_reads(tmp_path):
    folder = write_seeds(tmp_path, GOOD, UTILITY + "agreement_determinants: [contract_kw, kw]\n")
    with pytest.raises(RatebookError, match="kw is a column of meter_reads; name the attribute"):
        read_books([folder])


def test_seed_folder_that_does_not_exist_is_refused():
    with pytest.raises(RatebookError, match="holds no seed files"):
        read_books([Path("no-such-folder")])
