"""BagIt completeness and validity (RFC 8493), for bags of any version up to 1.0."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.verify.check import Unreadable, failure, success
from bluelamp.records.evidence.verify.source import Source, describe_path_fault, read_file

_DECLARATION = re.compile(
    rb"BagIt-Version: (0\.9[3-7]|1\.0)\r?\n"
    rb"Tag-File-Character-Encoding: ([A-Za-z0-9._-]+)(?:\r?\n|\r)?"
)
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_MANIFEST_LINE = re.compile(r"([0-9a-fA-F]+)[ \t]+\*?(.+)")
_FETCH_LINE = re.compile(r"\S+[ \t]+(?:\d+|-)[ \t]+(.+)")
_OXUM = re.compile(r"Payload-Oxum[ \t]*:[ \t]*(\d+)\.(\d+)")
_MAX_DECLARATION_BYTES = 1 << 20


@dataclass
class Bag:
    """What becomes known about a bag while it is checked.

    Attributes:
        version: The BagIt version that it declares.
        encoding: The character encoding of its tag files.
        manifests: For each manifest, the listed paths with their digests.
        digests: For each file read, its digests by algorithm.
    """

    source: Source
    version: str = "1.0"
    encoding: str = "utf-8"
    manifests: dict[str, dict[str, str]] = field(default_factory=dict)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)


def check_bag(bag: Bag) -> Iterator[Check]:
    """Check the declaration, then the manifests, then every file. Fills in `bag` on the way."""
    yield _check_declaration(bag)
    yield from _check_manifests(bag)
    if "fetch.txt" in bag.source.sizes:
        yield from _check_fetch(bag)
    yield from _check_files(bag)
    yield from _check_oxum(bag)


def _check_declaration(bag: Bag) -> Check:
    try:
        declaration = read_file(bag.source, "bagit.txt", limit=_MAX_DECLARATION_BYTES)
        match = _DECLARATION.fullmatch(declaration)
        if not match:
            raise Unreadable(
                "It does not declare a BagIt version up to 1.0 in the way that RFC 8493 requires."
            )
        bag.version, bag.encoding = match[1].decode(), match[2].decode()
        "".encode(bag.encoding)  # raises LookupError for an encoding that Python does not know
    except Unreadable as error:
        return failure("bagit.txt", str(error))
    except LookupError:
        bag.encoding = "utf-8"
        return failure("bagit.txt", "It declares an unknown character encoding.")
    return success("bagit.txt", f"A BagIt {bag.version} bag in {bag.encoding}.")


def _check_manifests(bag: Bag) -> Iterator[Check]:
    names = sorted(name for name in bag.source.sizes if _MANIFEST.fullmatch(name))
    if not any(name.startswith("manifest-") for name in names):
        yield failure("manifest", "The bag has no payload manifest.")
    for name in names:
        algorithm = _manifest_algorithm(name)
        try:
            # SHAKE has no digest length of its own, so hashlib cannot simply use it.
            if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
                raise Unreadable(f"The algorithm {algorithm} is unknown.")
            bag.manifests[name] = _read_manifest(bag, name)
        except Unreadable as error:
            bag.manifests[name] = {}
            yield failure(name, str(error))
    yield from _check_listed_paths(bag, names)


def _check_listed_paths(bag: Bag, names: list[str]) -> Iterator[Check]:
    """Check that manifests list what is there, and only that."""
    payload = {name for name in bag.source.sizes if name.startswith("data/")}
    for name in names:
        listed = bag.manifests[name].keys()
        if not name.startswith("tag"):
            # Since version 1.0 every payload manifest must list every payload file.
            if bag.version == "1.0":
                for path in sorted(payload - listed):
                    yield failure(path, f"It is in the package, but {name} does not list it.")
            for path in sorted(path for path in listed if not path.startswith("data/")):
                yield failure(path, f"{name} lists it, but it is not payload.")
        for path in sorted(listed - bag.source.sizes.keys()):
            yield failure(path, f"{name} lists it, but it is missing.")
    if bag.version != "1.0":
        in_any_manifest = set[str]().union(*bag.manifests.values())
        for path in sorted(payload - in_any_manifest):
            yield failure(path, "It is in the package, but no manifest lists it.")


def _manifest_algorithm(name: str) -> str:
    return name.rpartition("-")[2].removesuffix(".txt")


def _read_manifest(bag: Bag, name: str) -> dict[str, str]:
    """Return the paths of a manifest with their digests. Raises Unreadable."""
    on_disk = {unicodedata.normalize("NFC", path): path for path in bag.source.sizes}
    listed: dict[str, str] = {}
    for number, line in enumerate(read_lines(bag, name), 1):
        match = _MANIFEST_LINE.fullmatch(line)
        if not match:
            raise Unreadable(f"Line {number} is not a digest and a path.")
        path = match[2].removeprefix("./").replace("%0A", "\n").replace("%0D", "\r")
        # Last, so that "%250A" becomes "%0A" and not a line feed. Older versions leave %25 alone.
        if bag.version == "1.0":
            path = path.replace("%25", "%")
        if fault := describe_path_fault(path):
            raise Unreadable(f"Line {number}: {fault}")
        # A computer may have composed the accents of a file name in another way than the manifest.
        if path not in bag.source.sizes:
            path = on_disk.get(unicodedata.normalize("NFC", path), path)
        digest = match[1].lower()
        if path in listed and (bag.version == "1.0" or listed[path] != digest):
            raise Unreadable(f"Line {number} lists {path} a second time.")
        listed[path] = digest
    return listed


def read_lines(bag: Bag, name: str) -> list[str]:
    """Return the lines of a tag file. Raises Unreadable."""
    try:
        text = read_file(bag.source, name).decode(bag.encoding)
    except UnicodeDecodeError:
        raise Unreadable(f"It is not text in {bag.encoding}.") from None
    # Not splitlines(), which also splits at characters that may be in a path.
    lines = re.split(r"\r\n|\n|\r", text)
    return lines[:-1] if lines[-1] == "" else lines


def _check_fetch(bag: Bag) -> Iterator[Check]:
    try:
        for number, line in enumerate(read_lines(bag, "fetch.txt"), 1):
            match = _FETCH_LINE.fullmatch(line)
            if not match:
                raise Unreadable(f"Line {number}: It is not an address and a path.")
            if fault := describe_path_fault(match[1].removeprefix("./")):
                raise Unreadable(f"Line {number}: {fault}")
    except Unreadable as error:
        yield failure("fetch.txt", str(error))
    else:
        yield success("fetch.txt", "Its paths stay inside the bag. Nothing is fetched.")


def _check_files(bag: Bag) -> Iterator[Check]:
    """Hash every file once and compare it with every manifest that lists it."""
    algorithms = {name: _manifest_algorithm(name) for name in bag.manifests}
    for path in sorted(bag.source.sizes):
        expected = {name: listed[path] for name, listed in bag.manifests.items() if path in listed}
        # SHA-256 and SHA-512 always: the later checks use them.
        needed = {algorithms[name] for name in expected} | {"sha256", "sha512"}
        hashes = [hashlib.new(algorithm, usedforsecurity=False) for algorithm in sorted(needed)]
        try:
            for block in bag.source.chunks(path):
                for digest in hashes:
                    digest.update(block)
        except Unreadable as error:
            yield failure(path, str(error))
            continue
        digests = bag.digests[path] = {digest.name: digest.hexdigest() for digest in hashes}
        wrong = [name for name, listed in expected.items() if digests[algorithms[name]] != listed]
        if wrong and len(wrong) < len(expected):
            right = next(name for name in expected if name not in wrong)
            yield failure(
                ", ".join(wrong),
                f"It gives another digest for {path} than {right}, which matches the file. "
                "The manifest was changed.",
            )
        elif wrong:
            yield failure(path, f"It does not match {' and '.join(wrong)}. The file was changed.")
        elif expected:
            yield success(path, f"It matches {' and '.join(expected)}.")


def _check_oxum(bag: Bag) -> Iterator[Check]:
    """Compare Payload-Oxum (`<bytes>.<files>`) with the payload, if bag-info.txt has it."""
    if "bag-info.txt" not in bag.source.sizes:
        return
    try:
        text = "\n".join(read_lines(bag, "bag-info.txt"))
    except Unreadable as error:
        yield failure("bag-info.txt", str(error))
        return
    match = _OXUM.search(text)
    if not match:
        return
    payload = [size for name, size in bag.source.sizes.items() if name.startswith("data/")]
    declared, counted = f"{match[1]}.{match[2]}", f"{sum(payload)}.{len(payload)}"
    if declared == counted:
        yield success(
            "bag-info.txt",
            f"Payload-Oxum is {declared}: {len(payload)} files, {sum(payload)} bytes.",
        )
    else:
        yield failure("bag-info.txt", f"Payload-Oxum is {declared}, but the payload is {counted}.")
