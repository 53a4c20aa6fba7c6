"""Ordinary legal citations lead to identifiers of legislation.gov.uk, and back: over two hundred forms."""

from datetime import date
from itertools import product

import pytest

from loader.terms import LEGISLATION
from server.answers.citations import Citation, cite, parse, provisions_cited

ACT_2006, ACT_2012, ACT_2022 = "ukpga/2006/41", "ukpga/2012/7", "ukpga/2022/31"

# How an instrument can be named after (“of …”) and before (“…, ”) a provision.
INSTRUMENTS = [
    ("the Health and Social Care Act 2012", ACT_2012),
    ("the Health & Social Care Act 2012", ACT_2012),
    ("the 2012 Act", ACT_2012),
    ("HSCA 2012", ACT_2012),
    ("2012 c. 7", ACT_2012),
    ("2012 c 7", ACT_2012),
    ("the National Health Service Act 2006", ACT_2006),
    ("the NHS Act 2006", ACT_2006),
    ("NHSA 2006", ACT_2006),
    ("the 2006 Act", ACT_2006),
    ("2006 c. 41", ACT_2006),
    ("the Health and Care Act 2022", ACT_2022),
    ("the 2022 Act", ACT_2022),
    ("HCA 2022", ACT_2022),
    ("ukpga/2022/31", ACT_2022),
]
PROVISIONS = [
    ("section 105", ["section/105"]),
    ("s 105", ["section/105"]),
    ("s.105(2)", ["section/105/2"]),
    ("sec. 105(2)(a)", ["section/105/2/a"]),
    ("Section 14Z61", ["section/14Z61"]),
    ("ss 105 and 106", ["section/105", "section/106"]),
]
FORMS = [
    pytest.param(text, [f"{act}/{path}" for path in paths], id=text)
    for (name, act), (provision, paths) in product(INSTRUMENTS, PROVISIONS)
    for text in (f"{provision} of {name}", f"{name}, {provision}")
]

OTHERS = [
    ("section 105 Health and Social Care Act 2012", [f"{ACT_2012}/section/105"]),
    ("§ 105 of the 2012 Act", [f"{ACT_2012}/section/105"]),
    ("SECTION 105 OF THE 2012 ACT", [f"{ACT_2012}/section/105"]),
    ("sections 105 to 107 of the 2012 Act", [f"{ACT_2012}/section/{n}" for n in (105, 106, 107)]),
    ("ss 105–107 of the 2012 Act", [f"{ACT_2012}/section/{n}" for n in (105, 106, 107)]),
    ("ss. 105, 106(1) and 107 HSCA 2012", [f"{ACT_2012}/section/{n}" for n in ("105", "106/1", "107")]),
    ("section 106 or 107 of the 2012 Act", [f"{ACT_2012}/section/106", f"{ACT_2012}/section/107"]),
    ("subsection (2) of section 105 of the 2012 Act", [f"{ACT_2012}/section/105/2"]),
    ("section 105, subsection (2) of the 2012 Act", [f"{ACT_2012}/section/105/2"]),
    ("paragraph (a) of section 105(2) of the 2012 Act", [f"{ACT_2012}/section/105/2/a"]),
    ("paragraph (a) of subsection (2) of section 105 of the 2012 Act", [f"{ACT_2012}/section/105/2/a"]),
    ("Schedule 11 to the 2012 Act", [f"{ACT_2012}/schedule/11"]),
    ("Sch 11 to the 2012 Act", [f"{ACT_2012}/schedule/11"]),
    ("Schedule 11, paragraph 3 to the 2012 Act", [f"{ACT_2012}/schedule/11/paragraph/3"]),
    ("Schedule 11 to the 2012 Act, paragraph 3(3)", [f"{ACT_2012}/schedule/11/paragraph/3/3"]),
    ("paragraph 3(3) of Schedule 11 to the 2012 Act", [f"{ACT_2012}/schedule/11/paragraph/3/3"]),
    ("para 3 Sch. 11 HSCA 2012", [f"{ACT_2012}/schedule/11/paragraph/3"]),
    ("Sch 11 paras 3 and 4 to the 2012 Act", [f"{ACT_2012}/schedule/11/paragraph/{n}" for n in (3, 4)]),
    ("Sch 8 Pt 1 para 2 to the 2012 Act", [f"{ACT_2012}/schedule/8/paragraph/2"]),
    ("Part 1 of Schedule 8 to the 2012 Act", [f"{ACT_2012}/schedule/8/part/1"]),
    ("Part 3 of the 2012 Act", [f"{ACT_2012}/part/3"]),
    ("Pt 3 of the 2012 Act", [f"{ACT_2012}/part/3"]),
    ("Chapter 3 of Part 3 of the 2012 Act", [f"{ACT_2012}/part/3/chapter/3"]),
    ("Part 3, Chapter 3 of the 2012 Act", [f"{ACT_2012}/part/3/chapter/3"]),
    ("regulation 5 of SI 2013/500", ["uksi/2013/500/regulation/5"]),
    ("reg. 5(1), S.I. 2013/500", ["uksi/2013/500/regulation/5/1"]),
    ("SI 2013 No. 500, reg 5", ["uksi/2013/500/regulation/5"]),
    ("regs 3 and 4 of SI 2013/2214", ["uksi/2013/2214/regulation/3", "uksi/2013/2214/regulation/4"]),
    ("the Schedule to SI 2013/2214", ["uksi/2013/2214/schedule"]),
    ("regulation 39 of the NHS Standing Rules", ["uksi/2012/2996/regulation/39"]),
    ("article 6 of the UK GDPR", ["eur/2016/679/article/6"]),
    ("art 6(1)(e) UK GDPR", ["eur/2016/679/article/6/1/e"]),
    (
        "s.275 of the NHS Act 2006 and s.98 of the 2012 Act",
        [f"{ACT_2006}/section/275", f"{ACT_2012}/section/98"],
    ),
    ("NHS Act 2006, s 275; 2012 Act, s 98", [f"{ACT_2006}/section/275", f"{ACT_2012}/section/98"]),
    ("legislation.gov.uk/ukpga/2012/7/section/105", [f"{ACT_2012}/section/105"]),
    ("https://www.legislation.gov.uk/ukpga/2012/7/section/105/data.xml", [f"{ACT_2012}/section/105"]),
    (
        "http://www.legislation.gov.uk/id/ukpga/2012/7/schedule/11/paragraph/3/3",
        [f"{ACT_2012}/schedule/11/paragraph/3/3"],
    ),
    ("see (s 105 of the 2012 Act) above", [f"{ACT_2012}/section/105"]),
    ("section\u00a0105 of the\n2012 Act", [f"{ACT_2012}/section/105"]),
    ("s106 2012", [f"{ACT_2012}/section/106"]),
    ("the Health and Care Act 2022", [ACT_2022]),
    ("SI 2013/500", ["uksi/2013/500"]),
    ("2000 c. 36", ["ukpga/2000/36"]),
    ("s 1 Freedom of Information Act 2000", ["ukpga/2000/36/section/1"]),
    ("DPA 2018 s 10", ["ukpga/2018/12/section/10"]),
    ("ss 105 and 106 HSCA 2012", [f"{ACT_2012}/section/105", f"{ACT_2012}/section/106"]),
    ("s.14Z61(2)(a) NHSA 2006", [f"{ACT_2006}/section/14Z61/2/a"]),
    ("section 111 of the Health & Social Care Act 2012", [f"{ACT_2012}/section/111"]),
    ("reg 3 of SI 2013/500", ["uksi/2013/500/regulation/3"]),
    ("Sch 11 para 4 HSCA 2012", [f"{ACT_2012}/schedule/11/paragraph/4"]),
    ("Part 3 Ch 3 HSCA 2012", [f"{ACT_2012}/part/3/chapter/3"]),
    ("2012 c. 7 s. 106", [f"{ACT_2012}/section/106"]),
    ("2012 c.7, s.106(1)", [f"{ACT_2012}/section/106/1"]),
    ("c. 7 of 2012, section 106", [f"{ACT_2012}/section/106"]),
    ("Health and Social Care Act 2012 (c. 7), section 106", [f"{ACT_2012}/section/106"]),
    ("section 106 of the Health and Social Care Act 2012 (c. 7)", [f"{ACT_2012}/section/106"]),
    ("section 106(3)(b)(ii) of the Health and Social Care Act 2012", [f"{ACT_2012}/section/106/3/b/ii"]),
    ("s106 (3) (b) HSCA 2012", [f"{ACT_2012}/section/106/3/b"]),
    ("s.106HSCA 2012", [f"{ACT_2012}/section/106"]),
    ("S106 HSCA2012", [f"{ACT_2012}/section/106"]),
    ("HSCA 2012 s106", [f"{ACT_2012}/section/106"]),
    ("HSCA 2012 ss 105-106", [f"{ACT_2012}/section/105", f"{ACT_2012}/section/106"]),
    ("HSCA 2012, ss. 105, 106", [f"{ACT_2012}/section/105", f"{ACT_2012}/section/106"]),
    ("sections 105(1) and (2) of the 2012 Act", [f"{ACT_2012}/section/105/1", f"{ACT_2012}/section/105/2"]),
    (
        "section 105(1), (2) and (4) of the 2012 Act",
        [f"{ACT_2012}/section/105/1", f"{ACT_2012}/section/105/2", f"{ACT_2012}/section/105/4"],
    ),
    (
        "section 105(1) to (3) of the 2012 Act",
        [f"{ACT_2012}/section/105/1", f"{ACT_2012}/section/105/2", f"{ACT_2012}/section/105/3"],
    ),
    ("section 105(2)(a) or (b) of the 2012 Act", [f"{ACT_2012}/section/105/2/a", f"{ACT_2012}/section/105/2/b"]),
    (
        "sections 105(1), 106 and 107(2)(a) of the 2012 Act",
        [f"{ACT_2012}/section/105/1", f"{ACT_2012}/section/106", f"{ACT_2012}/section/107/2/a"],
    ),
    (
        "subsections (1) and (2) of section 105 of the 2012 Act",
        [f"{ACT_2012}/section/105/1", f"{ACT_2012}/section/105/2"],
    ),
    ("sub-section (2) of s.105 HSCA 2012", [f"{ACT_2012}/section/105/2"]),
    ("s.105 sub-s.(2) HSCA 2012", [f"{ACT_2012}/section/105/2"]),
    ("sub-paragraph (3) of paragraph 3 of Schedule 11 to the 2012 Act", [f"{ACT_2012}/schedule/11/paragraph/3/3"]),
    (
        "paragraphs 3 and 4 of Schedule 11 to the 2012 Act",
        [f"{ACT_2012}/schedule/11/paragraph/3", f"{ACT_2012}/schedule/11/paragraph/4"],
    ),
    ("paragraph 3(3)(a) of Sch. 11 to HSCA 2012", [f"{ACT_2012}/schedule/11/paragraph/3/3/a"]),
    ("Sch.11, para.3(3) of the HSCA 2012", [f"{ACT_2012}/schedule/11/paragraph/3/3"]),
    ("Schedule 1B to the NHS Act 2006", [f"{ACT_2006}/schedule/1B"]),
    ("para 5 of Sch 1B to the 2006 Act", [f"{ACT_2006}/schedule/1B/paragraph/5"]),
    ("Sched 7 para 10A NHS Act 2006", [f"{ACT_2006}/schedule/7/paragraph/10A"]),
    ("Part 1 of Schedule 7 to the NHS Act 2006", [f"{ACT_2006}/schedule/7/part/1"]),
    ("s 65DA NHS Act 2006", [f"{ACT_2006}/section/65DA"]),
    (
        "section 14Z59(2)–(4) of the NHS Act 2006",
        [f"{ACT_2006}/section/14Z59/2", f"{ACT_2006}/section/14Z59/3", f"{ACT_2006}/section/14Z59/4"],
    ),
    (
        "ss.14Z59 to 14Z61 of the NHS Act 2006",
        [f"{ACT_2006}/section/14Z59", f"{ACT_2006}/section/14Z60", f"{ACT_2006}/section/14Z61"],
    ),
    ("section 6E(1A) and (1B) of the NHS Act 2006", [f"{ACT_2006}/section/6E/1A", f"{ACT_2006}/section/6E/1B"]),
    ("s.27A(1)(b) of the NHSA 2006", [f"{ACT_2006}/section/27A/1/b"]),
    ("National Health Service Act 2006 s.8", [f"{ACT_2006}/section/8"]),
    ("the National Health Service Act 2006 (section 8)", [f"{ACT_2006}/section/8"]),
    ("NHS Act 2006 (s 8)", [f"{ACT_2006}/section/8"]),
    ("s. 8 of the 2006 Act (directions)", [f"{ACT_2006}/section/8"]),
    ("Chapter 3 of Part 3 HSCA 2012", [f"{ACT_2012}/part/3/chapter/3"]),
    ("Part III of the 2012 Act", [f"{ACT_2012}/part/III"]),
    (
        "regulations 3 to 5 of S.I. 2013/500",
        ["uksi/2013/500/regulation/3", "uksi/2013/500/regulation/4", "uksi/2013/500/regulation/5"],
    ),
    ("reg.3(2)(b) of SI 2013/500", ["uksi/2013/500/regulation/3/2/b"]),
    ("S.I. 2013 No. 500 reg. 3", ["uksi/2013/500/regulation/3"]),
    ("SI No 500 of 2013, reg 3", ["uksi/2013/500/regulation/3"]),
    ("Statutory Instrument 2013/500, regulation 3", ["uksi/2013/500/regulation/3"]),
    ("SI2013/500 r.3", ["uksi/2013/500/rule/3"]),
    ("2013/500 reg 3", ["uksi/2013/500/regulation/3"]),
    ("Sch 1 to SI 2013/500", ["uksi/2013/500/schedule/1"]),
    ("art. 2(3) of SI 2013/671", ["uksi/2013/671/article/2/3"]),
    ("Article 2 of S.I. 2014/39", ["uksi/2014/39/article/2"]),
    ("section 105 HSCA 2012 (as amended)", [f"{ACT_2012}/section/105"]),
    (
        "s. 105 of the 2012 Act (as amended by s. 30 of the 2022 Act)",
        [f"{ACT_2012}/section/105", f"{ACT_2022}/section/30"],
    ),
    ("s.105, HSCA 2012; s.8, NHSA 2006", [f"{ACT_2012}/section/105", f"{ACT_2006}/section/8"]),
    ("s 105 of the 2012 Act and s 8 of the 2006 Act", [f"{ACT_2012}/section/105", f"{ACT_2006}/section/8"]),
    ("section 105 of, and Schedule 11 to, the 2012 Act", [f"{ACT_2012}/section/105", f"{ACT_2012}/schedule/11"]),
    (
        "sections 105 and 106 of, and paragraph 3 of Schedule 11 to, the 2012 Act",
        [f"{ACT_2012}/section/105", f"{ACT_2012}/section/106", f"{ACT_2012}/schedule/11/paragraph/3"],
    ),
    ("section 105 of that Act (HSCA 2012)", [f"{ACT_2012}/section/105"]),
    ("HCA 2022 s 54", [f"{ACT_2022}/section/54"]),
    ("Health and Care Act 2022, Sch 5 para 2(1)", [f"{ACT_2022}/schedule/5/paragraph/2/1"]),
    ("www.legislation.gov.uk/ukpga/2012/7/section/106#section-106-1", [f"{ACT_2012}/section/106"]),
    (
        "http://www.legislation.gov.uk/ukpga/2012/7/schedule/11/paragraph/3/enacted",
        [f"{ACT_2012}/schedule/11/paragraph/3"],
    ),
    ("https://www.legislation.gov.uk/ukpga/2012/7/section/106/2022-07-01?view=plain", [f"{ACT_2012}/section/106"]),
    ("UKPGA 2012/7 s106", [f"{ACT_2012}/section/106"]),
    ("section  106   of the  2012  Act", [f"{ACT_2012}/section/106"]),
    ("s106, 2012 Act.", [f"{ACT_2012}/section/106"]),
    ("“section 106” of the 2012 Act", [f"{ACT_2012}/section/106"]),
    ("section 106’s requirements under the 2012 Act", [f"{ACT_2012}/section/106"]),
    ("s.106 of HSCA", [f"{ACT_2012}/section/106"]),
    ("under s106 Health & Social Care Act, 2012", [f"{ACT_2012}/section/106"]),
    ("s106 of the Health and Social Care Act of 2012", [f"{ACT_2012}/section/106"]),
    ("s.106 of the HSC Act 2012", [f"{ACT_2012}/section/106"]),
    (
        "Sections 105, 106, and 107 of the 2012 Act",
        [f"{ACT_2012}/section/105", f"{ACT_2012}/section/106", f"{ACT_2012}/section/107"],
    ),
    ("section 105 et seq. of the 2012 Act", [f"{ACT_2012}/section/105"]),
    ("s 105ff of the 2012 Act", [f"{ACT_2012}/section/105"]),
]  # fmt: skip


def test_there_are_over_two_hundred_forms():
    assert len(FORMS) + len(OTHERS) >= 295


@pytest.mark.parametrize(("text", "paths"), [*FORMS, *OTHERS])
def test_a_citation_leads_to_its_identifiers(text, paths):
    found = parse(text)
    assert [each.id.removeprefix(LEGISLATION) for each in found] == paths
    assert all(each.certain for each in found)


@pytest.mark.parametrize("text", ["s106", "section 106", "106", "14Z61", "Sch 11 para 3(3)"])
def test_without_an_instrument_every_main_act_can_be_meant(text):
    found = parse(text)
    acts = {each.instrument.removeprefix(LEGISLATION) for each in found}
    assert acts == {ACT_2006, ACT_2012, ACT_2022}
    assert not any(each.certain for each in found)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bristol",
        "the trust in 2012",
        "12 July 2022",
        "RA7",
        "What applies to parts of the NHS?",
        "page 105",
    ],
)
def test_what_is_no_citation_gives_nothing(text):
    assert provisions_cited(text) == set()


@pytest.mark.parametrize(
    "text", ["s 105 of the 2012 Act as at 1 July 2022", "2012 Act s 105 as at 2022-07-01"]
)
def test_a_point_in_time_becomes_part_of_the_link(text):
    (found,) = parse(text)
    assert found.as_at == date(2022, 7, 1)
    assert found.id == f"{LEGISLATION}{ACT_2012}/section/105"
    assert found.url == "http://www.legislation.gov.uk/ukpga/2012/7/section/105/2022-07-01"


def test_a_point_in_time_address_is_read():
    (found,) = parse("https://www.legislation.gov.uk/ukpga/2012/7/section/105/2022-07-01")
    assert found == Citation(f"{LEGISLATION}{ACT_2012}", "section/105", date(2022, 7, 1))


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (f"{ACT_2012}/section/105/2/a", "Health and Social Care Act 2012, s 105(2)(a)"),
        (
            f"{ACT_2012}/schedule/11/paragraph/3/3",
            "Health and Social Care Act 2012, Sch 11 para 3(3)",
        ),
        (f"{ACT_2012}/part/3/chapter/3", "Health and Social Care Act 2012, Pt 3 Ch 3"),
        (f"{ACT_2006}/section/14Z61", "National Health Service Act 2006, s 14Z61"),
        ("uksi/1999/1/regulation/4", "SI 1999/1, reg 4"),
        ("ukpga/1999/8", "1999 c. 8"),
    ],
)
def test_an_identifier_is_cited_and_read_back(path, told):
    assert cite(LEGISLATION + path) == told
    assert [each.id for each in parse(told)] == [LEGISLATION + path]


@pytest.mark.parametrize(("text", "paths"), [*FORMS, *OTHERS])
def test_every_form_survives_there_and_back(text, paths):
    for path in paths:
        assert [each.id for each in parse(cite(LEGISLATION + path))] == [LEGISLATION + path]


def test_what_is_not_legislation_is_not_cited():
    with pytest.raises(ValueError, match="not an identifier"):
        cite("https://example.org/ukpga/2012/7")
