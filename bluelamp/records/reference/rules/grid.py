"""Convert National Grid references to GPS positions and back.

Ordnance Survey, *A guide to coordinate systems in Great Britain*: the transverse Mercator formulas
of Annexe C, the Airy 1830 and GRS80 ellipsoids and the grid's origin of Annexe A, and the
seven-parameter shift of section 6.6. The shift is good to about 5 metres. The survey's own grid of
corrections (OSTN15) would give 0.1 metres but needs 20 MB of data: too much to find a street or a
force.
"""

from __future__ import annotations

from math import atan, atan2, cos, degrees, hypot, isfinite, pi, radians, sin, sqrt, tan
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


def is_on_national_grid(latitude: float, longitude: float) -> bool:
    """Return whether a position in degrees (WGS84) is in Great Britain or the sea around it."""
    return (
        isfinite(latitude) and isfinite(longitude) and 49 <= latitude <= 61 and -9 <= longitude <= 3
    )


def to_position(easting: float, northing: float) -> Position:
    """Return the WGS84 position of a National Grid reference in metres, to about 5 m."""
    latitude, longitude = unproject(easting, northing)
    at = _to_cartesian(latitude, longitude, AIRY_1830)
    latitude, longitude = _to_geodetic(_shift_datum(at, sign=-1), GRS80)
    return Position(degrees(latitude), degrees(longitude))


def to_grid(latitude: float, longitude: float) -> GridPosition:
    """Return the National Grid reference in metres of a WGS84 position, to about 5 m."""
    at = _to_cartesian(radians(latitude), radians(longitude), GRS80)
    return project(*_to_geodetic(_shift_datum(at, sign=1), AIRY_1830))


def project(latitude: float, longitude: float) -> GridPosition:
    """Return metres on the grid of an OSGB36 latitude and longitude in radians (Annexe C.1)."""
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
    """Return OSGB36 latitude and longitude in radians of metres on the grid (Annexe C.2)."""
    a, b = AIRY_1830
    e2 = 1 - (b * b) / (a * a)
    phi = (northing - FALSE_NORTHING) / (a * SCALE) + ORIGIN_LATITUDE
    # To a hundredth of a millimetre, as Annexe C.2 says. It takes three or four turns.
    while abs(remainder := northing - FALSE_NORTHING - _meridional_arc(phi)) >= 0.00001:
        phi += remainder / (a * SCALE)
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
    """Return metres along the central meridian from the origin's latitude (Annexe C, M)."""
    a, b = AIRY_1830
    n = (a - b) / (a + b)
    difference, total = latitude - ORIGIN_LATITUDE, latitude + ORIGIN_LATITUDE
    return (
        b
        * SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * difference
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(difference) * cos(total)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * difference) * cos(2 * total)
            - 35 / 24 * n**3 * sin(3 * difference) * cos(3 * total)
        )
    )


def _shift_datum(at: tuple[float, float, float], *, sign: int) -> tuple[float, float, float]:
    """Apply the seven-parameter shift of section 6.6: `sign` 1 to OSGB36, -1 back to WGS84."""
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
    """Return Cartesian metres of a latitude and longitude in radians at height 0 (Annexe B.1)."""
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
    """Return latitude and longitude in radians of Cartesian metres (Annexe B.2)."""
    x, y, z = at
    a, b = ellipsoid
    e2 = 1 - (b * b) / (a * a)
    p = hypot(x, y)
    latitude = atan2(z, p * (1 - e2))
    # Three rounds bring the latitude to well under a millimetre.
    for _ in range(3):
        nu = a / sqrt(1 - e2 * sin(latitude) ** 2)
        latitude = atan((z + e2 * nu * sin(latitude)) / p)
    return latitude, atan2(y, x)
