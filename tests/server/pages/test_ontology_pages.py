"""The pages of the ontology: every term is listed once, has a page, and unknown ones lead on."""

import re

from server.pages import ontology

HTML = {"Accept": "text/html"}


def page(client, path, status=200):
    response = client.get(path, headers=HTML)
    assert response.status_code == status
    return response.get_data(as_text=True)


def test_every_class_and_property_is_listed_once(client):
    links = re.findall(r'href="/docs/ontology/([\w-]+)"', page(client, "/docs/ontology"))
    terms = [
        link["name"]
        for module in ontology.modules()
        for kind in module.terms.values()
        for link in kind
    ]
    assert sorted(link for link in links if link != "reference") == sorted(terms)
    assert len(terms) == len(set(terms)) > 500


def test_a_term_tells_its_definition_and_what_it_is_tied_to(client):
    text = page(client, "/docs/ontology/Power")
    assert "https://w3id.org/remit/def/Power" in text
    assert 'href="/docs/ontology/Norm"' in text
    assert 'href="/powers"' in text
    listed = page(client, "/docs/ontology/statutory")
    assert "Member of a list" in listed
    assert "In the list" in listed


def test_terms_are_found_by_words_and_near_spellings(client):
    assert "/docs/ontology/holding" in page(client, "/docs/ontology?q=holding")
    assert "No term matches" in page(client, "/docs/ontology?q=zzzz")
    assert 'href="/docs/ontology/Power"' in page(client, "/docs/ontology/Powr", 404)


def test_the_identifier_of_a_term_leads_to_its_page(client):
    response = client.get("/def/Power")
    assert response.status_code == 303
    assert response.location.endswith("/docs/ontology/Power")
