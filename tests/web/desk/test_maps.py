"""What a small map shows: places where they are, names that cover nothing, and a scale that is
true.
"""

import pytest

from bluelamp.web.desk import maps
from bluelamp.web.desk.maps import Spot

HERE = (530000.0, 180000.0)


def test_it_works() -> None:
    made = maps.tile(
        [Spot(*HERE, label="Here"), Spot(530060, 180120, label="There", mark="A")],
        centre=HERE,
        names=[Spot(529900, 179900, name="Rye Lane")],
    )
    assert made["points"] == [
        {"x": 60.0, "y": 30.0, "label": "There", "mark": "A", "here": False},
        {"x": 50.0, "y": 50.0, "label": "Here", "mark": "", "here": True},
    ]
    [name] = made["names"]
    assert (name["text"], name["x"]) == ("Rye Lane", 33.3)
    assert made["bar"] == {"width": 30.5, "text": "200 yards"}
    assert made["across"] == "0.4 miles"


def test_nothing_to_show() -> None:
    assert maps.tile([]) == {}


def test_what_is_far_apart_is_all_on_it() -> None:
    made = maps.tile([Spot(500000, 150000), Spot(560000, 200000)])
    assert all(0 <= point[axis] <= 100 for point in made["points"] for axis in ("x", "y"))
    assert made["bar"]["text"] == "10 miles"


@pytest.mark.parametrize("count", [2, 12, 60])
def test_names_cover_neither_dots_nor_each_other(count: int) -> None:
    spots = [
        Spot(530000 + 13 * each, 180000 + 7 * each, name=f"Street {each}") for each in range(count)
    ]
    made = maps.tile(spots, centre=HERE)
    boxes = []
    for name in made["names"]:
        half = maps.LETTER * len(name["text"]) / 2
        box = (name["x"] - half, name["y"] - 4, name["x"] + half, name["y"])
        assert box[0] >= 0
        assert box[2] <= 100
        assert not any(
            box[0] < p["x"] < box[2] and box[1] < p["y"] < box[3] for p in made["points"]
        )
        assert not any(
            box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes
        )
        boxes.append(box)
    assert boxes


def test_a_name_that_is_too_long_or_outside_is_left_out() -> None:
    names = [Spot(*HERE, name="x" * 60), Spot(540000, 180000, name="Far away")]
    assert maps.tile([Spot(*HERE)], centre=HERE, names=names)["names"] == []
