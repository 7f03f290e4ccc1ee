from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from graphleads.codes.scheme import check_identifiers
from graphleads.formats.report import DeliveryReport
from graphleads.formats.source import open_sources
from graphleads.ingest.reader import ReadContext
from graphleads.ingest.registers.cn_gongshang.reader import CnGongshangReader
from graphleads.testing.synthetic import gongshang_words as words
from graphleads.testing.synthetic.arrays import NO_DAY, Register
from graphleads.testing.synthetic.gongshang import company_names, credit_codes, person_names, write_gongshang
from graphleads.testing.synthetic.register import _draw_register
from graphleads.testing.synthetic.words import FIRST, MEMBERS, SECOND, TOWNS, TRADES

N = 2_000

Read = tuple[dict[str, pa.Table], DeliveryReport]


@pytest.fixture(scope="module")
def register() -> Register:
    return _draw_register(np.random.default_rng(7), N)[0]


@pytest.fixture(scope="module")
def read(register: Register, tmp_path_factory: pytest.TempPathFactory) -> Read:
    (path,) = write_gongshang(tmp_path_factory.mktemp("gongshang"), register)
    report = DeliveryReport()
    context = ReadContext(dataset="cn", observed_on=date(2026, 6, 30), report=report)
    batches: dict[str, list[pa.Table]] = {}
    for batch in CnGongshangReader().read(open_sources(path), context):
        batches.setdefault(batch.table, []).append(batch.rows)
    return {name: pa.concat_tables(rows).unify_dictionaries() for name, rows in batches.items()}, report


def test_there_are_words_for_everything() -> None:
    assert len(words.BRAND_FIRST) * len(words.BRAND_SECOND) >= len(FIRST)
    assert len(words.BRAND_THIRD) == len(SECOND)
    assert len(words.TRADES) == len(TRADES)
    assert len(words.MEMBERS) == len(MEMBERS)
    assert len(words.TOWN_FIRST) * len(words.TOWN_SECOND) == len(TOWNS)
    for choices in (words.BRAND_FIRST, words.BRAND_SECOND, words.BRAND_THIRD, words.SURNAMES, words.TRADES):
        assert len(set(choices)) == len(choices)


def test_the_reader_understands_every_row(read: Read, register: Register) -> None:
    tables, report = read
    assert (report.unknown_fields, report.ignored_fields, report.issue_counts) == (set(), {}, {})
    own = tables["companies"].filter(pc.invert(tables["companies"]["mentioned"]))
    assert own.num_rows == N
    codes = pc.binary_join_element_wise("CN-USCI", credit_codes(register, np.arange(N, dtype=np.int32)), ":")
    assert own["id"].combine_chunks() == codes
    assert set(own["status"].unique().to_pylist()) == {"active", "inactive", "in_liquidation", "dissolved"}
    assert own["region"].null_count == own["locality"].null_count == own["capital"].null_count == 0


def test_every_office_that_lasts_is_there(read: Read, register: Register) -> None:
    lasting = register.roles[register.roles["end"] == NO_DAY]
    posts = read[0]["roles"].filter(pc.not_equal(read[0]["roles"]["kind"], "legal_representative"))
    assert posts.num_rows == len(lasting)
    holders = posts["holder"].combine_chunks()
    people = np.unique(lasting["holder"][lasting["holder"] >= N]) - N + 1
    numbered = holders.filter(pc.starts_with(holders, "X-CN-PERSON-NO:")).unique()
    assert sorted(numbered.to_pylist()) == sorted(f"X-CN-PERSON-NO:{number}" for number in people)


def test_every_holding_that_lasts_is_there(read: Read, register: Register) -> None:
    lasting = register.interests[register.interests["end"] == NO_DAY]
    assert read[0]["interests"].num_rows == len(lasting)
    assert set(read[0]["interests"]["share_min"].unique().to_pylist()) == {0.375, 0.625, 0.875}


def test_codes_have_their_check_digit_and_are_different(register: Register) -> None:
    codes = credit_codes(register, np.arange(N, dtype=np.int32))
    assert pc.all(check_identifiers("CN-USCI", codes)).as_py()
    assert len(codes.unique()) == N


def test_names_follow_their_numbers(register: Register) -> None:
    names = company_names(register, np.arange(N, dtype=np.int32))
    assert len(names.unique()) > 0.98 * N
    assert person_names(np.array([0, 1, 96, 0])).to_pylist() == ["赵子涵", "钱子涵", "赵文涵", "赵子涵"]


def test_the_same_register_gives_the_same_bytes(register: Register, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    first, second = (write_gongshang(tmp_path / folder, register)[0].read_bytes() for folder in ("a", "b"))
    assert first == second
