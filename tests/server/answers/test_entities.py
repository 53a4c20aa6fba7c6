import pytest
from rdflib import URIRef

from server.answers.entities import path, resolve
from server.errors import NotFound

ID = "https://w3id.org/remit/id/"
LEG = "http://www.legislation.gov.uk/id/"


@pytest.mark.parametrize(
    ("text", "classes", "found"),
    [
        ("impose-monetary-penalty", ("Power",), f"{ID}power/impose-monetary-penalty"),
        ("power/impose-monetary-penalty", ("Power",), f"{ID}power/impose-monetary-penalty"),
        (f"{ID}power/impose-monetary-penalty", (), f"{ID}power/impose-monetary-penalty"),
        ("Impose a variable monetary penalty", ("Power",), f"{ID}power/impose-monetary-penalty"),
        ("variable monetary penalty", ("Power",), f"{ID}power/impose-monetary-penalty"),
        ("eg:para-47", ("Passage",), f"{ID}passage/enforcement-guidance-2022-draft/para-47"),
        ("s 106 of the 2012 Act", ("LegalProvision",), f"{LEG}ukpga/2012/7/section/106"),
        ("https://www.legislation.gov.uk/ukpga/2012/7/section/106", (), f"{LEG}ukpga/2012/7/section/106"),
        ("2006 Act", ("Act",), f"{LEG}ukpga/2006/41"),
        ("QUY", ("Organisation",), f"{ID}organisation/QUY"),
        ("ra7", ("Organisation",), f"{ID}organisation/RA7"),
        ("FoundationTrust", ("OrganisationClass",), "https://w3id.org/remit/def/FoundationTrust"),
        ("integrated care board", ("OrganisationClass",), "https://w3id.org/remit/def/IntegratedCareBoard"),
        ("remove-directors-or-governors", ("Procedure", "Power"), f"{ID}procedure/remove-directors-or-governors"),
        ("remove-directors-or-governors", ("Power", "Procedure"), f"{ID}power/remove-directors-or-governors"),
        ("remove-directors-or-governors", (), f"{ID}power/remove-directors-or-governors"),
        ("applicant", ("OrganisationClass", "Agent"), f"{ID}actor/applicant"),
    ],
)  # fmt: skip
def test_a_thing_is_found_by_each_of_its_names(store, text, classes, found):
    assert resolve(store, text, classes) == URIRef(found)


@pytest.mark.parametrize("text", ["", "para-1", "undertaking", "a<b>", "zzz\x00", "power/none"])
def test_what_names_nothing_or_several_things_is_not_found(store, text):
    classes = ("Passage",) if text == "para-1" else ("Power",)
    with pytest.raises(NotFound):
        resolve(store, text, classes)


def test_near_names_are_offered(store):
    with pytest.raises(NotFound) as caught:
        resolve(store, "special licence conditon", ("Power",), "/there?power=")
    assert "/there?power=set-special-licence-condition" in {
        each["href"] for each in caught.value.members["suggestions"]
    }


@pytest.mark.parametrize(
    ("node", "short"),
    [
        (f"{ID}power/x", "x"),
        (f"{ID}passage/enforcement-guidance-2022-draft/para-47", "eg:para-47"),
        (f"{LEG}ukpga/2012/7/section/106", f"{LEG}ukpga/2012/7/section/106"),
        ("https://w3id.org/remit/def/Provider", "Provider"),
    ],
)
def test_things_have_a_short_form(node, short):
    assert path(URIRef(node)) == short
