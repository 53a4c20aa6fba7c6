from server.store.memory import LongQueries


def test_a_long_query_is_remembered_until_it_is_short() -> None:
    long = LongQueries()
    assert "a" not in long
    long.note("a", long=True)
    assert "a" in long
    long.note("a", long=False)
    assert "a" not in long


def test_the_oldest_is_forgotten_first() -> None:
    long = LongQueries(most=2)
    for query in ("a", "b", "a", "c"):
        long.note(query, long=True)
    assert [query in long for query in "abc"] == [True, False, True]
