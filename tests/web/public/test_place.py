"""Finding the place without JavaScript, and places that another force covers."""

import pytest
from django.test import Client

from bluelamp.casework.reports.models import ReportDraft
from bluelamp.records.reference.lookups import find_places

pytestmark = pytest.mark.django_db


def test_it_works(visitor: Client) -> None:
    response = visitor.post("/report/where/", {"place_text": "mare street", "find": "place"})
    page = response.content.decode()
    assert response.status_code == 200
    assert "Which place do you mean?" in page
    chosen = "Mare Street, Hackney, E8"
    assert f'value="{chosen}"' in page
    response = visitor.post(
        "/report/where/", {"place_text": "mare street", "place_choice": chosen, "address": "12"}
    )
    assert response["location"] == "/report/when/"
    answers = ReportDraft.objects.get().answers
    assert answers["easting"]
    assert answers["place"] == chosen


def test_a_query_with_several_matches_needs_a_choice(visitor: Client) -> None:
    response = visitor.post("/report/where/", {"place_text": "high street"})
    assert response.status_code == 422
    assert 'href="#place_choice"' in response.content.decode()
    response = visitor.post("/report/where/", {"place_text": "high street", "place_choice": "none"})
    assert response.status_code == 422  # there is no other answer
    response = visitor.post(
        "/report/where/",
        {"place_text": "high street", "place_choice": "none", "address": "By the clock"},
    )
    assert response.status_code == 302
    assert "easting" not in {k for k, v in ReportDraft.objects.get().answers.items() if v}


def test_an_unknown_place_has_an_error_and_a_description_is_enough(visitor: Client) -> None:
    response = visitor.post("/report/where/", {"place_text": "qqqqzzzz"})
    assert response.status_code == 422
    assert "cannot find" in response.content.decode()
    response = visitor.post(
        "/report/where/", {"place_text": "qqqqzzzz", "place_detail": "Behind the mill"}
    )
    assert response.status_code == 302


def test_a_postcode_can_be_typed_in_any_way(visitor: Client) -> None:
    assert visitor.post("/report/where/", {"place_text": "se154ql"}).status_code == 302
    assert ReportDraft.objects.get().answers["postcode"] == "SE15 4QL"


def test_a_new_place_takes_the_old_position_away(visitor: Client) -> None:
    visitor.post("/report/where/", {"place_text": "se154ql"})
    visitor.post("/report/where/", {"place_text": "", "address": "A field"})
    answers = ReportDraft.objects.get().answers
    assert (answers["postcode"], answers["easting"], answers["place"]) == ("", "", "")


def test_another_force_is_named_and_the_report_can_continue(visitor: Client) -> None:
    place = next(place for place in find_places("EC2M") if place.force == "48")
    response = visitor.post("/report/where/", {"place_text": place.postcode}, follow=True)
    page = response.content.decode()
    assert "City of London Police" in page
    assert 'href="/report/when/"' in page


def test_a_postcode_that_is_not_on_file_is_no_street(visitor: Client) -> None:
    page = visitor.post("/report/where/", {"place_text": "m1 1ae"}).content.decode()
    assert "We cannot find that postcode" in page
    assert "Which place do you mean?" not in page, "M1 is a motorway too"
    assert (
        visitor.post("/report/where/", {"place_text": "m1 1ae", "address": "5 Mill St"}).status_code
        == 302
    )


def test_a_missing_place_has_its_error_at_the_first_field(visitor: Client) -> None:
    page = visitor.post("/report/where/", {}).content.decode()
    assert 'href="#place"' in page
    assert 'id="address-error"' not in page, "that field says that it is optional"
