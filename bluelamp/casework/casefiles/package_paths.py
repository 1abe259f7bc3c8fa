"""The path of each file in a package."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from bluelamp.casework.casefiles.case_data import CaseData, ExhibitData
from bluelamp.casework.casefiles.file_names import deduplicate_names, safe_filename


def exhibit_folders(exhibits: Iterable[ExhibitData]) -> dict[UUID, str]:
    """Return the folder name of each exhibit by item id. The folder of `AB/1` is `AB-1`."""
    exhibits = list(exhibits)
    names = [safe_filename(exhibit.reference.replace("/", "-")) for exhibit in exhibits]
    return {
        exhibit.item_id: folder
        for exhibit, folder in zip(exhibits, deduplicate_names(names), strict=True)
    }


def original_paths(case: CaseData) -> dict[UUID, str]:
    """Return the path of each original in the package, by item id."""
    folders = exhibit_folders(case.exhibits)
    return {
        exhibit.item_id: (
            f"data/exhibits/{folders[exhibit.item_id]}/original/{safe_filename(exhibit.filename)}"
        )
        for exhibit in case.exhibits
    }


def preview_paths(case: CaseData) -> dict[tuple[UUID, str], str]:
    """Return the path of each preview in the package, by item id and SHA-256."""
    folders = exhibit_folders(case.exhibits)
    paths: dict[tuple[UUID, str], str] = {}
    for exhibit in case.exhibits:
        names = deduplicate_names(safe_filename(preview.name) for preview in exhibit.previews)
        for preview, name in zip(exhibit.previews, names, strict=True):
            paths[exhibit.item_id, preview.sha256] = (
                f"data/exhibits/{folders[exhibit.item_id]}/previews/{name}"
            )
    return paths
