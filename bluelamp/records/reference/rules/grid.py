"""National Grid and GPS positions, each made from the other.

Ordnance Survey, *A guide to coordinate systems in Great Britain*: the transverse Mercator formulas
of Annexe C, the Airy 1830 and GRS80 ellipsoids and the grid's origin of Annexe A, and the
seven-parameter shift of section 6.6. The shift is good to about 5 metres; the survey's own grid of
corrections (OSTN15) would give 0.1 metre and needs 20 MB of data, more than finding a street or a
force is worth.
"""

from __future__ import annotations

from math import atan, atan2, cos, degrees, hypot, pi, radians, sin, sqrt, tan
from typing import NamedTuple

# Annexe A: semi-axes in metres.
AIRY_1830 = (6_377_563.396, 6_356_256.909)
GRS80 = (6_378_137.000, 6_356_752.3141)

# Annexe A: the National Grid's projection.
SCALE = 0.9996012717
ORIGIN_LATITUDE = radians(49.0)
ORIGIN_LONGITUDE = radians(-2.0)
FALSE_EASTING = 400_000.0
FALSE_NORTHING = -100_000.0

# Section 6.6: from WGS84 to OSGB36; metres, parts per million, seconds of arc.
SHIFT_METRES = (-446.448, 125.157, -542.060)
SHIFT_PPM = 20.4894
SHIFT_ARCSECONDS = (-0.1502, -0.2470, -0.8421)


class GridPosition(NamedTuple):
    """Metres east and north on the National Grid (OSGB36)."""

    easting: float
    northing: float


class Position(NamedTuple):
    """Degrees of latitude and longitude (WGS84, as a phone gives them)."""

    latitude: float
    longitude: float


def to_position(easting: float, northing: float) -> Position:
    """The WGS84 position of a National Grid reference in metres, to about 5 m."""
    latitude, longitude = unproject(easting, northing)
    at = _to_cartesian(latitude, longitude, AIRY_1830)
    latitude, longitude = _to_geodetic(_shift(at, sign=-1), GRS80)
    return Position(degrees(latitude), degrees(longitude))


def to_grid(latitude: float, longitude: float) -> GridPosition:
    """The National Grid reference in metres of a WGS84 position in degrees, to about 5 m."""
    at = _to_cartesian(radians(latitude), radians(longitude), GRS80)
    return project(*_to_geodetic(_shift(at, sign=1), AIRY_1830))


def project(latitude: float, longitude: float) -> GridPosition:
    """Annexe C.1: OSGB36 latitude and longitude in radians, to metres on the grid."""
    a, b = AIRY_1830
    e2 = 1 - (b * b) / (a * a)
    s, c, t = sin(latitude), cos(latitude), tan(latitude)
    nu = a * SCALE / sqrt(1 - e2 * s * s)
    rho = a * SCALE * (1 - e2) / (1 - e2 * s * s) ** 1.5
    eta2 = nu / rho - 1
    i = _meridional_arc(latitude) + FALSE_NORTHING
    ii = nu / 2 * s * c
    iii = nu / 24 * s * c**3 * (5 - t**2 + 9 * eta2)
    iiia = nu / 720 * s * c**5 * (61 - 58 * t**2 + t**4)
    iv = nu * c
    v = nu / 6 * c**3 * (nu / rho - t**2)
    vi = nu / 120 * c**5 * (5 - 18 * t**2 + t**4 + 14 * eta2 - 58 * t**2 * eta2)
    p = longitude - ORIGIN_LONGITUDE
    return GridPosition(
        FALSE_EASTING + iv * p + v * p**3 + vi * p**5, i + ii * p**2 + iii * p**4 + iiia * p**6
    )


def unproject(easting: float, northing: float) -> tuple[float, float]:
    """Annexe C.2: metres on the grid, to OSGB36 latitude and longitude in radians."""
    a, b = AIRY_1830
    e2 = 1 - (b * b) / (a * a)
    phi = (northing - FALSE_NORTHING) / (a * SCALE) + ORIGIN_LATITUDE
    while abs(rest := northing - FALSE_NORTHING - _meridional_arc(phi)) >= 0.00001:
        phi += rest / (a * SCALE)
    s, c, t = sin(phi), cos(phi), tan(phi)
    nu = a * SCALE / sqrt(1 - e2 * s * s)
    rho = a * SCALE * (1 - e2) / (1 - e2 * s * s) ** 1.5
    eta2 = nu / rho - 1
    vii = t / (2 * rho * nu)
    viii = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    ix = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    x = 1 / (c * nu)
    xi = (nu / rho + 2 * t**2) / (6 * c * nu**3)
    xii = (5 + 28 * t**2 + 24 * t**4) / (120 * c * nu**5)
    xiia = (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6) / (5040 * c * nu**7)
    d = easting - FALSE_EASTING
    return (
        phi - vii * d**2 + viii * d**4 - ix * d**6,
        ORIGIN_LONGITUDE + x * d - xi * d**3 + xii * d**5 - xiia * d**7,
    )


def _meridional_arc(latitude: float) -> float:
    """Annexe C, M: metres along the central meridian from the origin's latitude."""
    a, b = AIRY_1830
    n = (a - b) / (a + b)
    less, more = latitude - ORIGIN_LATITUDE, latitude + ORIGIN_LATITUDE
    return (
        b
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _shift(at: tuple[float, float, float], *, sign: int) -> tuple[float, float, float]:
    """The seven-parameter shift of section 6.6, forwards (1) to OSGB36 or backwards (-1) to
    WGS84.
    """
    x, y, z = at
    tx, ty, tz = (sign * metres for metres in SHIFT_METRES)
    rx, ry, rz = (sign * seconds * pi / (180 * 3600) for seconds in SHIFT_ARCSECONDS)
    scale = 1 + sign * SHIFT_PPM / 1_000_000
    return (
        tx + x * scale - y * rz + z * ry,
        ty + x * rz + y * scale - z * rx,
        tz - x * ry + y * rx + z * scale,
    )


def _to_cartesian(
    latitude: float, longitude: float, ellipsoid: tuple[float, float]
) -> tuple[float, float, float]:
    """Annexe B.1, at height zero."""
    a, b = ellipsoid
    e2 = 1 - (b * b) / (a * a)
    nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
    return (
        nu * cos(latitude) * cos(longitude),
        nu * cos(latitude) * sin(longitude),
        (1 - e2) * nu * sin(latitude),
    )


def _to_geodetic(
    at: tuple[float, float, float], ellipsoid: tuple[float, float]
) -> tuple[float, float]:
    """Annexe B.2; three rounds bring the latitude well under a millimetre."""
    x, y, z = at
    a, b = ellipsoid
    e2 = 1 - (b * b) / (a * a)
    p = hypot(x, y)
    latitude = atan2(z, p * (1 - e2))
    for _ in range(3):
        nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
        latitude = atan((z + e2 * nu * sin(latitude)) / p)
    return latitude, atan2(y, x)
