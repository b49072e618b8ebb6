"""The table says what the corpus is."""

from tests.hostile.table import FILE, corpus, table


def test_the_table_is_of_this_corpus() -> None:
    assert FILE.read_text(encoding="utf-8") == table(), "python -m tests.hostile writes it anew"


def test_every_case_has_a_name_of_its_own() -> None:
    for group, cases in corpus().items():
        names = [case.name for case in cases]
        assert len(names) == len(set(names)), group


def test_there_are_at_least_250() -> None:
    assert sum(map(len, corpus().values())) >= 250
