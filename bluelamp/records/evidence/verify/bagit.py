"""BagIt completeness and validity (RFC 8493), for bags of any version up to 1.0."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from bluelamp.records.evidence.verify.check import Check, Unreadable, failed, passed
from bluelamp.records.evidence.verify.source import Source, read, unsafe_path

_DECLARATION = re.compile(
    rb"BagIt-Version: (0\.9[3-7]|1\.0)\r?\nTag-File-Character-Encoding: ([A-Za-z0-9._-]+)(?:\r?\n|\r)?"
)
_MANIFEST = re.compile(r"(tag)?manifest-([a-z0-9]+)\.txt")
_LINE = re.compile(r"([0-9a-fA-F]+)[ \t]+\*?(.+)")
_FETCH = re.compile(r"\S+[ \t]+(?:\d+|-)[ \t]+(.+)")
_OXUM = re.compile(r"Payload-Oxum[ \t]*:[ \t]*(\d+)\.(\d+)")


@dataclass
class Bag:
    """What is found out about a bag while it is checked: digests by path and algorithm, and what
    was listed.
    """

    source: Source
    version: str = "1.0"
    encoding: str = "utf-8"
    manifests: dict[str, dict[str, str]] = field(default_factory=dict)
    digests: dict[str, dict[str, str]] = field(default_factory=dict)


def check_bag(bag: Bag) -> Iterator[Check]:
    """Check the declaration, then the manifests, then every file; fills in `bag` on the way."""
    yield _declaration(bag)
    yield from _manifests(bag)
    if "fetch.txt" in bag.source.sizes:
        yield from _fetch(bag)
    yield from _files(bag)
    yield from _oxum(bag)


def _declaration(bag: Bag) -> Check:
    try:
        found = _DECLARATION.fullmatch(read(bag.source, "bagit.txt", limit=1 << 20))
        if not found:
            raise Unreadable(
                "It does not declare a BagIt version up to 1.0 as RFC 8493 wants it written."
            )
        bag.version, bag.encoding = found[1].decode(), found[2].decode()
        "".encode(bag.encoding)
    except Unreadable as error:
        return failed("bagit.txt", str(error))
    except LookupError:
        bag.encoding = "utf-8"
        return failed("bagit.txt", "It declares a character encoding that is not known.")
    return passed("bagit.txt", f"A BagIt {bag.version} bag in {bag.encoding}.")


def _manifests(bag: Bag) -> Iterator[Check]:
    names = sorted(name for name in bag.source.sizes if _MANIFEST.fullmatch(name))
    if not any(name.startswith("manifest-") for name in names):
        yield failed("manifest", "The bag has no payload manifest.")
    for name in names:
        algorithm = name.rpartition("-")[2].removesuffix(".txt")
        try:
            if algorithm not in hashlib.algorithms_guaranteed or algorithm.startswith("shake"):
                raise Unreadable(f"The algorithm {algorithm} is not known.")
            bag.manifests[name] = _listed(bag, name)
        except Unreadable as error:
            bag.manifests[name] = {}
            yield failed(name, str(error))
    payload = {name for name in bag.source.sizes if name.startswith("data/")}
    for name in names:
        listed = bag.manifests[name].keys()
        if not name.startswith("tag"):
            if bag.version == "1.0":
                for path in sorted(payload - listed):
                    yield failed(path, f"It is in the package, but {name} does not list it.")
            for path in sorted(path for path in listed if not path.startswith("data/")):
                yield failed(path, f"{name} lists it, but it is no payload.")
        for path in sorted(listed - bag.source.sizes.keys()):
            yield failed(path, f"{name} lists it, but it is missing.")
    everywhere = set().union(*bag.manifests.values())
    if bag.version != "1.0":
        for path in sorted(payload - everywhere):
            yield failed(path, "It is in the package, but no manifest lists it.")


def _listed(bag: Bag, name: str) -> dict[str, str]:
    """Return the paths of a manifest with their digests."""
    on_disk = {unicodedata.normalize("NFC", path): path for path in bag.source.sizes}
    listed: dict[str, str] = {}
    for number, line in enumerate(_lines(bag, name), 1):
        found = _LINE.fullmatch(line)
        if not found:
            raise Unreadable(f"Line {number} is not a digest and a path.")
        path = found[2].removeprefix("./").replace("%0A", "\n").replace("%0D", "\r")
        if bag.version == "1.0":
            path = path.replace("%25", "%")
        if problem := unsafe_path(path):
            raise Unreadable(f"Line {number}: {problem}")
        path = (
            path
            if path in bag.source.sizes
            else on_disk.get(unicodedata.normalize("NFC", path), path)
        )
        digest = found[1].lower()
        if path in listed and (bag.version == "1.0" or listed[path] != digest):
            raise Unreadable(f"Line {number} lists {path} a second time.")
        listed[path] = digest
    return listed


def _lines(bag: Bag, name: str) -> list[str]:
    try:
        text = read(bag.source, name).decode(bag.encoding)
    except UnicodeDecodeError:
        raise Unreadable(f"It is not text in {bag.encoding}.") from None
    lines = re.split(r"\r\n|\n|\r", text)
    return lines[:-1] if lines[-1] == "" else lines


def _fetch(bag: Bag) -> Iterator[Check]:
    try:
        for number, line in enumerate(_lines(bag, "fetch.txt"), 1):
            found = _FETCH.fullmatch(line)
            problem = (
                unsafe_path(found[1].removeprefix("./"))
                if found
                else "It is not an address and a path."
            )
            if problem:
                raise Unreadable(f"Line {number}: {problem}")
    except Unreadable as error:
        yield failed("fetch.txt", str(error))
    else:
        yield passed("fetch.txt", "Its paths stay inside the bag. Nothing is fetched.")


def _files(bag: Bag) -> Iterator[Check]:
    """Hash every file once and hold it to every manifest that lists it."""
    algorithms = {name: name.rpartition("-")[2].removesuffix(".txt") for name in bag.manifests}
    for path in sorted(bag.source.sizes):
        expected = {name: listed[path] for name, listed in bag.manifests.items() if path in listed}
        wanted = {algorithms[name] for name in expected} | {"sha256", "sha512"}
        hashes = [hashlib.new(algorithm, usedforsecurity=False) for algorithm in sorted(wanted)]
        try:
            for block in bag.source.chunks(path):
                for each in hashes:
                    each.update(block)
        except Unreadable as error:
            yield failed(path, str(error))
            continue
        digests = bag.digests[path] = {each.name: each.hexdigest() for each in hashes}
        wrong = [name for name, digest in expected.items() if digests[algorithms[name]] != digest]
        if wrong and len(wrong) < len(expected):
            right = next(name for name in expected if name not in wrong)
            yield failed(
                ", ".join(wrong),
                f"What it says of {path} is not so, yet {right} agrees: the manifest was changed.",
            )
        elif wrong:
            yield failed(
                path, f"Its bytes are not those listed in {' and '.join(wrong)}: it was changed."
            )
        elif expected:
            yield passed(path, f"Its bytes are those listed in {' and '.join(expected)}.")


def _oxum(bag: Bag) -> Iterator[Check]:
    if "bag-info.txt" not in bag.source.sizes:
        return
    try:
        text = "\n".join(_lines(bag, "bag-info.txt"))
    except Unreadable as error:
        yield failed("bag-info.txt", str(error))
        return
    found = _OXUM.search(text)
    if not found:
        return
    payload = [size for name, size in bag.source.sizes.items() if name.startswith("data/")]
    said, counted = f"{found[1]}.{found[2]}", f"{sum(payload)}.{len(payload)}"
    if said == counted:
        yield passed(
            "bag-info.txt",
            f"Payload-Oxum {said}: {len(payload)} files, {sum(payload)} bytes, counted.",
        )
    else:
        yield failed("bag-info.txt", f"Payload-Oxum says {said}, but the payload counts {counted}.")
