from server.store.memory import Memory


def test_a_long_query_is_remembered_until_it_is_short() -> None:
    long = Memory()
    assert "a" not in long
    long.note("a", keep=True)
    assert "a" in long
    long.note("a", keep=False)
    assert "a" not in long


def test_the_oldest_is_forgotten_first() -> None:
    long = Memory(most=2)
    for query in ("a", "b", "a", "c"):
        long.note(query, keep=True)
    assert [query in long for query in "abc"] == [True, False, True]
