"""A signature's strokes drawn as a vector picture."""

from __future__ import annotations

from math import isfinite

from bluelamp.casework.casefiles.facts import SignatureFacts, Stroke


def _path(stroke: Stroke) -> str:
    points = [(x, y) for x, y in stroke if isfinite(x) and isfinite(y)]
    if not points:
        return ""
    if len(points) == 1:
        points.append((points[0][0] + 0.1, points[0][1]))
    return "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _box(signature: SignatureFacts) -> tuple[float, float, float, float, float]:
    points = [
        (x, y) for stroke in signature.strokes for x, y in stroke if isfinite(x) and isfinite(y)
    ]
    left, top = (min((p[0] for p in points), default=0.0), min((p[1] for p in points), default=0.0))
    right, bottom = (
        max((p[0] for p in points), default=1.0),
        max((p[1] for p in points), default=1.0),
    )
    pen = max(signature.height, 1.0) / 60
    return left - pen, top - pen, right - left + 2 * pen, bottom - top + 2 * pen, pen


def shape_of(signature: SignatureFacts) -> float:
    """How many times wider than tall the drawn signature is."""
    _, _, width, height, _ = _box(signature)
    return round(width / height, 3)


def as_svg(signature: SignatureFacts) -> str:
    """An SVG of the strokes, cut to what was drawn. Made of numbers only, so it can hold nothing
    but lines.
    """
    left, top, width, height, pen = _box(signature)
    box = f"{left:.2f} {top:.2f} {width:.2f} {height:.2f}"
    paths = "".join(f'<path d="{path}"/>' for path in map(_path, signature.strokes) if path)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><g fill="none" stroke="#14213d" '
        f'stroke-linecap="round" stroke-linejoin="round" stroke-width="{pen:.2f}">{paths}</g></svg>'
    )
