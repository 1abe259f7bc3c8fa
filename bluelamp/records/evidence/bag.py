"""Write BagIt 1.0 bags (RFC 8493). Needs no Django.

The same files and facts give the same bytes, as a folder or as a zip, so that a package can be
written again and compared.
"""

import hashlib
import json
import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath

ALGORITHMS = ("sha256", "sha512")
DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
PAYLOAD_MANIFESTS = tuple(f"manifest-{algorithm}.txt" for algorithm in ALGORITHMS)
TAG_MANIFESTS = tuple(f"tagmanifest-{algorithm}.txt" for algorithm in ALGORITHMS)
# The files that the log's entry about a package names, so that the time stamp covers them.
STAMPED_FILES = ("bag-info.txt", "bagit.txt", *PAYLOAD_MANIFESTS)
SIGNED_MANIFEST = "seal/manifest"
SealFiles = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
COMMENT = b"Bluelamp package. SHA-256 of every byte before this comment: "

_READ_BYTES = 1 << 20
_SHA256_HEX_LENGTH = 64
# Media is compressed already, and takes long to compress again.
_DEFLATED_SUFFIXES = {".txt", ".json", ".jsonld", ".xml", ".pem", ".csv"}
_MAX_STEM_LENGTH, _MAX_SUFFIX_LENGTH, _MAX_NAME_LENGTH = 80, 20, 100


def write_bag(
    *,
    folder: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    seal: SealFiles | None = None,
    on_written: Callable[[int], None] = lambda _: None,
) -> None:
    """Write a bag into a new or empty `folder`. Nothing is left in it if that fails.

    Args:
        files: By path inside the bag. `data/…` is payload, anything else is a tag file. Files given
            as a path are copied in blocks.
        info: Bag-info.txt in order; Payload-Oxum is added.
        seal: Gets the contents of bagit.txt, bag-info.txt and the payload manifests by name, and
            returns the files under `seal/`.
        on_written: Called with the number of bytes after each block of payload.

    Raises:
        ValueError: A path would leave the bag, is the bag's own, or differs from another only by
            case.
        FileExistsError: The folder is not empty.
    """
    _refuse_bad_paths(files)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    try:
        _write_bag_files(folder, files, info, seal, on_written)
    # Ctrl+C as well: half a bag must not be taken for a whole one.
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write_bag_files(
    folder: Path,
    files: Mapping[str, bytes | Path],
    info: Mapping[str, str],
    seal: SealFiles | None,
    on_written: Callable[[int], None],
) -> None:
    digests = {
        path: _write_file(folder / path, content, on_written)
        for path, content in sorted(files.items())
    }
    payload = {path: by_name for path, by_name in digests.items() if path.startswith("data/")}
    octets = sum((folder / path).stat().st_size for path in payload)
    # RFC 8493, 2.1.2 wants the folder even where there is no payload.
    (folder / "data").mkdir(exist_ok=True)
    own_files = {"bagit.txt": DECLARATION}
    facts = {**info, "Payload-Oxum": f"{octets}.{len(payload)}"}
    own_files["bag-info.txt"] = "".join(
        f"{label}: {_single_line(value)}\n" for label, value in facts.items()
    ).encode()
    for algorithm in ALGORITHMS:
        own_files[f"manifest-{algorithm}.txt"] = manifest_text(payload, algorithm)
    own_files |= seal(own_files) if seal else {}
    tags = {path: by_name for path, by_name in digests.items() if path not in payload}
    tags |= {path: _write_file(folder / path, content) for path, content in own_files.items()}
    # Last, because they list every other file outside data/.
    for algorithm in ALGORITHMS:
        _write_file(folder / f"tagmanifest-{algorithm}.txt", manifest_text(tags, algorithm))


def manifest_text(digests: Mapping[str, Mapping[str, str]], algorithm: str) -> bytes:
    """Return a manifest: one line for each path, in the order of the paths.

    Line breaks and % in paths are encoded (RFC 8493, 2.1.3). The Library of Congress's program does
    not decode %25, so `portable_filename` keeps % out of the names that we choose.

    Args:
        digests: For each path, its digests by algorithm.
    """
    lines = (
        f"{by_name[algorithm]}  {_encode_path(path)}\n" for path, by_name in sorted(digests.items())
    )
    return "".join(lines).encode()


def canonical_json(entry: object) -> str:
    """Return JSON as entries of the continuity log are written: keys in order, no spaces."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def portable_filename(filename: str) -> str:
    """Return a file name, as like the original as can be, that every computer and program accepts.

    >>> portable_filename("50% of 2/3.jpg")
    '50_ of 2_3.jpg'
    """
    name = "".join(
        "_" if letter in '\\/:*?"<>|%' or not letter.isprintable() else letter
        for letter in filename
    )
    stem, dot, suffix = name.strip(" ~").lstrip(".").rpartition(".")
    if dot:
        name = f"{stem[:_MAX_STEM_LENGTH]}{dot}{suffix[:_MAX_SUFFIX_LENGTH]}"
    else:
        name = suffix[:_MAX_NAME_LENGTH]
    return name.strip(" .") or "unnamed"


def zip_bag(
    *, folder: Path, target: Path, on_written: Callable[[int], None] = lambda _: None
) -> None:
    """Write the bag in `folder` as a zip with one folder of that name in it.

    The zip appears complete or not at all. Times and permissions are fixed, media is stored and
    text deflated. The zip's comment has the SHA-256 of everything before it, so that no bit of the
    container can change without being noticed.

    Args:
        on_written: Called with the number of bytes after each block.
    """
    unfinished = target.with_name(f".{target.name}.part")
    with zipfile.ZipFile(unfinished, "w", allowZip64=True) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}"
            # 1980 is the earliest time that a zip can hold.
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            is_deflated = path.suffix.lower() in _DEFLATED_SUFFIXES
            entry.compress_type = zipfile.ZIP_DEFLATED if is_deflated else zipfile.ZIP_STORED
            entry.external_attr = 0o100644 << 16
            entry.create_system = 3  # Unix, on every system, so that the bytes are the same
            # Known beforehand, so that zipfile decides on ZIP64 by the size alone.
            entry.file_size = path.stat().st_size
            with path.open("rb") as source, archive.open(entry, "w") as copy:
                while block := source.read(_READ_BYTES):
                    copy.write(block)
                    on_written(len(block))
    _add_comment(unfinished)
    unfinished.replace(target)


def _add_comment(path: Path) -> None:
    with path.open("r+b") as archive:
        # The last two bytes are the length of the comment, which is 0 until now.
        archive.seek(-2, 2)
        archive.write(struct.pack("<H", len(COMMENT) + _SHA256_HEX_LENGTH))
        archive.seek(0)
        digest = hashlib.file_digest(archive, "sha256").hexdigest()
        archive.seek(0, 2)
        archive.write(COMMENT + digest.encode())


def _write_file(
    target: Path, content: bytes | Path, on_written: Callable[[int], None] = lambda _: None
) -> dict[str, str]:
    """Write a file and return its digests by algorithm, computed over what was written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    hashes = [hashlib.new(algorithm) for algorithm in ALGORITHMS]
    with target.open("wb") as file:
        for block in _read_blocks(content):
            file.write(block)
            for digest in hashes:
                digest.update(block)
            on_written(len(block))
    return {digest.name: digest.hexdigest() for digest in hashes}


def _read_blocks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while block := file.read(_READ_BYTES):
            yield block


def _encode_path(path: str) -> str:
    # RFC 8493, 2.1.3: these three and no others, or no program finds the file.
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _refuse_bad_paths(files: Mapping[str, object]) -> None:
    folded_paths: set[str] = set()
    for path in files:
        parts = PurePosixPath(path).parts
        is_tidy = "/".join(parts) == path and not path.startswith("/") and ".." not in parts
        is_own = (
            path in {"bagit.txt", "bag-info.txt", "fetch.txt", SIGNED_MANIFEST}
            or "manifest-" in parts[0]
        )
        if not is_tidy or is_own or "\\" in path or not path.isprintable():
            raise ValueError(f"{path!r} cannot be a path in a bag")
        # Windows and macOS would write one file over the other.
        if path.casefold() in folded_paths:
            raise ValueError(f"{path!r} differs from another path only by case")
        folded_paths.add(path.casefold())


def _single_line(value: str) -> str:
    return " ".join(value.split())
