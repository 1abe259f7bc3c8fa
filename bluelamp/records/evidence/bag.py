"""Write BagIt 1.0 bags (RFC 8493): no Django.

The same files and facts give the same bytes, folder or zip, so that a package can be written again
and compared.
"""

import hashlib
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
SIGNED_MANIFEST = "seal/manifest"
COMMENT = b"Bluelamp package. SHA-256 of every byte before this comment: "

_BLOCK = 1 << 20
_DEFLATED = {".txt", ".json", ".jsonld", ".xml", ".pem", ".csv"}


def write_bag(
    *,
    folder: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    sign: Callable[[bytes], bytes] | None = None,
) -> None:
    """Write a bag into a new or empty `folder`.

    Args:
        files: by path inside the bag: `data/…` is payload, anything else a tag file. Paths are copied in blocks.
        info: bag-info.txt in order; Payload-Oxum is added.
        sign: given the bytes of manifest-sha512.txt, returns a signed note over them, kept as `seal/manifest`.

    Raises:
        ValueError: if a path would leave the bag, is the bag's own, or differs from another only by case.
        FileExistsError: if the folder has anything in it.
    """
    _refuse_bad_paths(files)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    digests = {path: _write(folder / path, content) for path, content in sorted(files.items())}
    payload = {path: found for path, found in digests.items() if path.startswith("data/")}
    octets = sum((folder / path).stat().st_size for path in payload)
    (folder / "data").mkdir(exist_ok=True)
    own = {"bagit.txt": DECLARATION}
    facts = {**info, "Payload-Oxum": f"{octets}.{len(payload)}"}
    own["bag-info.txt"] = "".join(
        f"{label}: {_one_line(value)}\n" for label, value in facts.items()
    ).encode()
    for algorithm in ALGORITHMS:
        own[f"manifest-{algorithm}.txt"] = manifest_text(payload, algorithm)
    if sign:
        own[SIGNED_MANIFEST] = sign(own["manifest-sha512.txt"])
    tags = {path: found for path, found in digests.items() if path not in payload}
    tags |= {path: _write(folder / path, content) for path, content in own.items()}
    for algorithm in ALGORITHMS:
        _write(folder / f"tagmanifest-{algorithm}.txt", manifest_text(tags, algorithm))


def manifest_text(digests: Mapping[str, Mapping[str, str]], algorithm: str) -> bytes:
    """Return a manifest: a line for each path, in order of the paths, line breaks and % encoded
    (RFC 8493, 2.1.3).

    The Library of Congress's program does not decode %25; `safe_name` keeps % out of the names we
    choose.
    """
    lines = (
        f"{found[algorithm]}  {path.replace('%', '%25').replace(chr(10), '%0A').replace(chr(13), '%0D')}\n"
        for path, found in sorted(digests.items())
    )
    return "".join(lines).encode()


def safe_name(filename: str) -> str:
    """Return a file name that every computer and BagIt program can take, as like `filename` as can
    be.
    """
    kept = "".join(
        "_" if letter in '\\/:*?"<>|%' or not letter.isprintable() else letter
        for letter in filename
    )
    stem, dot, suffix = kept.strip(" ~").lstrip(".").rpartition(".")
    kept = f"{stem[:80]}{dot}{suffix[:20]}" if dot else suffix[:100]
    return kept.strip(" .") or "unnamed"


def zip_bag(*, folder: Path, target: Path) -> None:
    """Write the bag in `folder` as a zip holding one folder of that name; it appears whole or not
    at all.

    Times and permissions are fixed; media is stored, text deflated. The zip's comment carries the
    SHA-256 of all that is before it, so that no bit of the container can change unseen.
    """
    unfinished = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(unfinished, "w", allowZip64=True) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            deflated = path.suffix.lower() in _DEFLATED
            entry.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as copy:
                shutil.copyfileobj(source, copy, _BLOCK)
    _add_comment(unfinished)
    unfinished.replace(target)


def _add_comment(path: Path) -> None:
    with path.open("r+b") as archive:
        archive.seek(-2, 2)
        archive.write(struct.pack("<H", len(COMMENT) + 64))
        archive.seek(0)
        digest = hashlib.file_digest(archive, "sha256").hexdigest()
        archive.seek(0, 2)
        archive.write(COMMENT + digest.encode())


def _write(target: Path, content: bytes | Path) -> dict[str, str]:
    """Write a file and return its digests by algorithm, computed over what was written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    hashes = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
    with target.open("wb") as file:
        for block in _blocks(content):
            file.write(block)
            for each in hashes:
                each.update(block)
    return {each.name: each.hexdigest() for each in hashes}


def _blocks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block


def _refuse_bad_paths(files: Mapping[str, object]) -> None:
    seen: set[str] = set()
    for path in files:
        parts = PurePosixPath(path).parts
        tidy = "/".join(parts) == path and not path.startswith("/") and ".." not in parts
        own = (
            path in {"bagit.txt", "bag-info.txt", "fetch.txt", SIGNED_MANIFEST}
            or "manifest-" in parts[0]
        )
        if not tidy or own or "\\" in path or not path.isprintable():
            raise ValueError(f"{path!r} cannot be a path in a bag")
        if path.casefold() in seen:
            raise ValueError(f"{path!r} differs from another path only by case")
        seen.add(path.casefold())


def _one_line(value: str) -> str:
    return " ".join(value.split())
