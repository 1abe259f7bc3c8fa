"""Draws the strokes of a signature as a vector picture."""

from __future__ import annotations

from math import isfinite

from bluelamp.casework.casefiles.case_data import SignatureData, Stroke


def _stroke_path(stroke: Stroke) -> str:
    points = [(x, y) for x, y in stroke if isfinite(x) and isfinite(y)]
    if not points:
        return ""
    if len(points) == 1:  # a dot needs a length to be drawn
        points.append((points[0][0] + 0.1, points[0][1]))
    return "M" + " L".join(f"{x:.2f} {y:.2f}" for x, y in points)


def _bounding_box(signature: SignatureData) -> tuple[float, float, float, float, float]:
    """Return left, top, width, height, and the width of the pen."""
    # The points come from a phone: one NaN would make the whole drawing invalid.
    points = [
        (x, y) for stroke in signature.strokes for x, y in stroke if isfinite(x) and isfinite(y)
    ]
    left, top = (min((p[0] for p in points), default=0.0), min((p[1] for p in points), default=0.0))
    right, bottom = (
        max((p[0] for p in points), default=1.0),
        max((p[1] for p in points), default=1.0),
    )
    # A sixtieth looks like a ballpoint at any size. A height of 0 would draw no line at all.
    pen = max(signature.height, 1.0) / 60
    return left - pen, top - pen, right - left + 2 * pen, bottom - top + 2 * pen, pen


def aspect_ratio(signature: SignatureData) -> float:
    """Return the width of the drawn signature divided by its height."""
    _, _, width, height, _ = _bounding_box(signature)
    return round(width / height, 3)


def signature_svg(signature: SignatureData) -> str:
    """Return an SVG of the strokes, cropped to what was drawn.

    It is made of numbers only, so it cannot contain anything but lines.
    """
    left, top, width, height, pen = _bounding_box(signature)
    box = f"{left:.2f} {top:.2f} {width:.2f} {height:.2f}"
    paths = "".join(f'<path d="{path}"/>' for path in map(_stroke_path, signature.strokes) if path)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><g fill="none" stroke="#14213d" '
        f'stroke-linecap="round" stroke-linejoin="round" stroke-width="{pen:.2f}">{paths}</g></svg>'
    )
