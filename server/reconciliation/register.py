"""The organisations of a data version as reconciliation needs them, read from the index of names as asked for."""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from datetime import date
from functools import cached_property
from itertools import combinations

from rapidfuzz import fuzz

from loader.terms import iri as iri_of
from loader.textindex.forms import form, telling
from server.answers.index import Index, index
from server.answers.versioned import Versioned
from server.answers.vocabulary import Vocabulary, quoted
from server.reconciliation.body import Body, Name, day
from server.store.protocol import Store

DEFAULT_TYPES = [
    {"id": "Organisation", "name": "organisation"},
    {"id": "Power", "name": "power"},
    {"id": "Duty", "name": "duty"},
    {"id": "LegalProvision", "name": "provision"},
]
_KEPT = 20_000
_NEAR_WORD, _MOST_SPELLINGS = 78, 8
_SHORTEST_FUZZY = 4
_MOST_WORDS = 8
_MOST_NAMED = 50
_MOST_COMPARED = 300


class Register:
    """All organisations, and the ways in: by code, by name, by words of a name, by postcode."""

    def __init__(self, index_: Index) -> None:
        self._reader = index_.reader
        self.index = index_
        self._words = Vocabulary(index_.reader, "forms")
        self._kept: dict[int, Body] = {}

    def body(self, identifier: str) -> Body | None:
        """Return the organisation of an identifier, whole or below the identifier space."""
        found = self.index.numbers([iri_of(identifier)])
        return next(iter(self.bodies(found.values())), None)

    def bodies(self, numbers: Iterable[int]) -> list[Body]:
        """Return organisations by their numbers in the index, in the order given."""
        wanted = list(dict.fromkeys(numbers))
        if missing := [number for number in wanted if number not in self._kept]:
            if len(self._kept) > _KEPT:
                self._kept.clear()
            read = self._read(missing)
            self._kept.update(read)
            return [read.get(n) or self._kept[n] for n in wanted if n in read or n in self._kept]
        return [self._kept[number] for number in wanted]

    def coded(self, code: str) -> list[Body]:
        """Return the organisations that bear a code, in capitals or not."""
        return self.bodies(self.index.coded(code))

    def at(self, postcode: str, most: int = _MOST_NAMED) -> list[Body]:
        """Return organisations whose postcode, in capitals and without blanks, is this one."""
        found = self._reader.column(
            "SELECT thing FROM fact WHERE property = 'postcode' AND replace(upper(value), ' ', '') = ? LIMIT ?",
            postcode, most,
        )  # fmt: skip
        return self.bodies(found)

    def like(self, text: str, most: int) -> list[Body]:
        """Return at most ``most`` organisations with a name like ``text``: of the same form, or with most of its words.

        Each word counts as it is or spelt nearly so. Where many organisations have as many of the words, those with
        the shortest names come first.
        """
        wanted = form(text)
        if not wanted:
            return []
        found = dict.fromkeys(self.index.named(wanted))
        groups = self._groups(telling(wanted))
        for number in range(len(groups), 0, -1):
            some = " OR ".join(f"({' AND '.join(each)})" for each in combinations(groups, number))
            sql = "SELECT rowid FROM forms WHERE forms MATCH ? ORDER BY rowid LIMIT ?"
            found.update(dict.fromkeys(self._reader.column(sql, some, _MOST_COMPARED)))
            if len(found) >= most:
                break
        return self.bodies(self._closest(wanted, list(found), most))

    def begun(self, prefix: str, most: int) -> list[Body]:
        """Return organisations whose code or a name begins with the prefix."""
        code, name = prefix.strip().upper(), form(prefix)
        if not name:
            return []
        codes = self._reader.column(
            "SELECT thing FROM code WHERE code BETWEEN ? AND ? ORDER BY code LIMIT ?",
            code,
            f"{code}\U0010ffff",
            most,
        )
        names = self._reader.column(
            "SELECT DISTINCT thing FROM name WHERE form BETWEEN ? AND ? ORDER BY form LIMIT ?",
            name, f"{name}\U0010ffff", most,
        )  # fmt: skip
        return self.bodies([*codes, *names])

    @cached_property
    def types(self) -> dict[str, str]:
        """The types that things can be asked for by: the general ones, and the classes that organisations have had."""
        rows = self._reader.rows(
            "SELECT DISTINCT within, label FROM class WHERE class IN (SELECT DISTINCT class FROM membership)"
        )
        return {each["id"]: each["name"] for each in DEFAULT_TYPES} | dict(rows)

    @cached_property
    def _depths(self) -> dict[str, int]:
        """In how many classes each class lies: the more, the more it tells."""
        return dict(self._reader.rows("SELECT class, count(*) FROM class GROUP BY class"))

    def followers(self, body: Body, on: date) -> list[tuple[Body, list[Body]]]:
        """Return the bodies that exist on the day and follow a body, each with the chain that leads to it.

        A body that has ended is passed through; successions after the day are not followed.
        """
        found: list[tuple[Body, list[Body]]] = []
        waiting: list[tuple[Body, list[Body]]] = [(body, [])]
        seen = {body.id}
        while waiting:
            current, chain = waiting.pop(0)
            for identifier, when in current.successors:
                after = self.body(identifier)
                if after is None or identifier in seen or (when and when > on):
                    continue
                seen.add(identifier)
                step = [*chain, current]
                if after.exists(on):
                    found.append((after, step))
                else:
                    waiting.append((after, step))
        return found

    def _closest(self, wanted: str, numbers: list[int], most: int) -> list[int]:
        """Return those organisations one of whose names is closest, by all of its words or by those that tell."""
        if len(numbers) <= most:
            return numbers
        mine = " ".join(telling(wanted))
        best: dict[int, float] = {}
        for number, name in self._reader.among(
            "SELECT DISTINCT thing, form FROM name WHERE form IS NOT NULL AND thing IN ({})",
            numbers,
        ):
            whole = fuzz.token_sort_ratio(wanted, name)
            likeness = whole + fuzz.token_set_ratio(mine, " ".join(telling(name)))
            best[number] = max(best.get(number, 0.0), likeness)
        return heapq.nlargest(most, best, key=lambda number: (best[number], -number))

    def _groups(self, words: Iterable[str]) -> list[str]:
        """Return what to look for, for each word that is known or spelt nearly so; the rarest first."""
        groups: list[tuple[int, str]] = []
        for word in dict.fromkeys(words):
            exact = self._words.things([word])
            near: dict[str, float] = {}
            if len(word) >= _SHORTEST_FUZZY or not exact:
                near = self._words.near(word, _NEAR_WORD, _MOST_SPELLINGS + 1)
            counts = exact | self._words.things(list(near))
            if counts:
                some = " OR ".join(quoted(each) for each in counts)
                groups.append((sum(counts.values()), f"({some})"))
        return [some for _, some in sorted(groups)[:_MOST_WORDS]]

    def _read(self, numbers: list[int]) -> dict[int, Body]:
        among = self._reader.among
        found = {
            number: Body(identifier, label, day(since), day(until))
            for number, identifier, label, since, until in among(
                "SELECT number, iri, label, start_day, end_day FROM thing WHERE number IN ({})"
                " AND kind = 'organisation'", numbers,
            )
        }  # fmt: skip
        for number, form_, written, since, seen, until in among(
            "SELECT thing, form, text, since, seen, until FROM name"
            " WHERE form IS NOT NULL AND thing IN ({}) ORDER BY role <> 'name', rowid", found,
        ):  # fmt: skip
            dated = bool(since or seen or until)
            found[number].names.append(Name(form_, written, day(since), day(until), dated))
        for number, code in among(
            "SELECT thing, text FROM name WHERE role = 'code' AND thing IN ({})", found
        ):
            found[number].codes.add(code)
        for number, name, value in among(
            "SELECT thing, property, value FROM fact WHERE thing IN ({})", found
        ):
            found[number].facts.setdefault(name, []).append(value)
        for number, class_, label, since, until in among(
            "SELECT thing, within, label, since, until FROM membership JOIN class USING (class)"
            " WHERE thing IN ({}) ORDER BY membership.rowid", found,
        ):  # fmt: skip
            found[number].classes.append((class_, label, day(since), day(until)))
        for body in found.values():
            body.classes.sort(key=lambda each: (-self._depths.get(each[0], 0), each[1]))
        for number, other, when in among(
            "SELECT before, iri, day FROM succession JOIN thing ON number = after WHERE before IN ({})",
            found,
        ):
            found[number].successors.append((other, day(when)))
        for number, other, when in among(
            "SELECT after, iri, day FROM succession JOIN thing ON number = before WHERE after IN ({})",
            found,
        ):
            found[number].predecessors.append((other, day(when)))
        return found


_registers = Versioned[Register]()


def register(store: Store) -> Register:
    """Return the organisations of the store's data version."""
    return _registers.get(store, lambda: _read(store))


def _read(store: Store) -> Register:
    """Return the organisations of a version; versions that share an index share them too."""
    known = index(store)
    same = (register for register in _registers.values() if register.index is known)
    return next(same, None) or Register(known)
