"""Small maps: places in the right position, names that cover nothing, and a true scale."""

import pytest

from bluelamp.web import maps
from bluelamp.web.maps import Spot

HERE = (530000.0, 180000.0)


def test_it_works() -> None:
    drawing = maps.build_map_data(
        [Spot(*HERE, label="Here"), Spot(530060, 180120, label="There", mark="A")],
        centre=HERE,
        names=[Spot(529900, 179900, name="Rye Lane")],
    )
    assert drawing["points"] == [
        {"x": 60.0, "y": 30.0, "label": "There", "mark": "A", "here": False},
        {"x": 50.0, "y": 50.0, "label": "Here", "mark": "", "here": True},
    ]
    [name] = drawing["names"]
    assert (name["text"], name["x"]) == ("Rye Lane", 33.3)
    assert drawing["scale"] == {"width": 30.5, "text": "200 yards"}
    assert drawing["across"] == "0.4 miles"


def test_nothing_to_show() -> None:
    assert maps.build_map_data([]) == {}


def test_what_is_far_apart_is_all_on_it() -> None:
    drawing = maps.build_map_data([Spot(500000, 150000), Spot(560000, 200000)])
    assert all(0 <= point[axis] <= 100 for point in drawing["points"] for axis in ("x", "y"))
    assert drawing["scale"]["text"] == "10 miles"


@pytest.mark.parametrize("count", [2, 12, 60])
def test_names_cover_neither_dots_nor_each_other(count: int) -> None:
    spots = [
        Spot(530000 + 13 * index, 180000 + 7 * index, name=f"Street {index}")
        for index in range(count)
    ]
    drawing = maps.build_map_data(spots, centre=HERE)
    boxes = []
    for name in drawing["names"]:
        half = maps.LETTER_WIDTH * len(name["text"]) / 2
        box = (name["x"] - half, name["y"] - 4, name["x"] + half, name["y"])
        assert box[0] >= 0
        assert box[2] <= 100
        assert not any(
            box[0] < p["x"] < box[2] and box[1] < p["y"] < box[3] for p in drawing["points"]
        )
        assert not any(
            box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes
        )
        boxes.append(box)
    assert boxes


def test_no_name_stands_where_something_else_is_drawn() -> None:
    names = [Spot(HERE[0], HERE[1] + 36, name="Rye Lane")]
    free = maps.build_map_data([Spot(*HERE)], centre=HERE, names=names)["names"]
    assert 33 < free[0]["y"] < 51
    covered = [(20.0, 33.0, 80.0, 60.0)]
    drawing = maps.build_map_data([Spot(*HERE)], centre=HERE, names=names, covered=covered)
    assert not any(33 < name["y"] < 60 for name in drawing["names"])


def test_a_name_that_is_too_long_or_outside_is_left_out() -> None:
    names = [Spot(*HERE, name="x" * 60), Spot(540000, 180000, name="Far away")]
    assert maps.build_map_data([Spot(*HERE)], centre=HERE, names=names)["names"] == []
