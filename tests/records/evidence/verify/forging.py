"""What a forger does to a package: change it, and write its lists and signatures again."""

import hashlib
import json
from pathlib import Path

from bluelamp.foundation.kernel.check import Check
from bluelamp.foundation.kernel.merkle_log.checkpoint import SignerKey
from bluelamp.records.evidence.bag import (
    ALGORITHMS,
    PAYLOAD_MANIFESTS,
    SIGNED_MANIFEST,
    TAG_MANIFESTS,
    manifest_text,
)
from bluelamp.records.evidence.verify import verify_package

STATEMENT = "data/documents/MG11-Ada-Okafor.pdf"


def failures(path: Path) -> list[Check]:
    """Return the checks of a package that fail."""
    return [check for check in verify_package(path) if not check.passed]


def flip(path: Path, bit: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)


def list_files(package: Path) -> dict[str, Path]:
    """Return the files of a package by their paths in it."""
    return {
        path.relative_to(package).as_posix(): path
        for path in sorted(package.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }


def make_manifests_again(package: Path) -> None:
    """Write bag-info's Payload-Oxum and all four manifests again, as anybody can."""
    files = list_files(package)
    payload = {name: path for name, path in files.items() if name.startswith("data/")}
    for name in PAYLOAD_MANIFESTS:
        (package / name).write_bytes(_manifest(payload, name))
    info = package / "bag-info.txt"
    if info.exists():
        oxum = f"Payload-Oxum: {sum(p.stat().st_size for p in payload.values())}.{len(payload)}\n"
        lines = info.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = "".join(line for line in lines if not line.startswith("Payload-Oxum"))
        info.write_text(kept + oxum, encoding="utf-8")
    make_tag_manifests_again(package)


def make_tag_manifests_again(package: Path) -> None:
    """Write the tag manifests again, which nobody signs."""
    tags = {
        name: path
        for name, path in list_files(package).items()
        if not name.startswith("data/") and name not in TAG_MANIFESTS
    }
    for name in TAG_MANIFESTS:
        (package / name).write_bytes(_manifest(tags, name))


def sign_again(package: Path, *, key: SignerKey) -> None:
    """Write every list again and sign them, as somebody with that key can."""
    from bluelamp.records.evidence.sealing import sign_files  # Django must be set up first

    make_manifests_again(package)
    files = {
        name: path.read_bytes()
        for name, path in list_files(package).items()
        if not name.startswith("data/") and name not in {SIGNED_MANIFEST, *TAG_MANIFESTS}
    }
    (package / SIGNED_MANIFEST).write_bytes(sign_files(files, key=key))
    make_tag_manifests_again(package)


def exchange_statement(
    package: Path, *, key: SignerKey | None = None, statement: str = STATEMENT
) -> None:
    """Exchange a statement, and put its hash in case.json and every list, signed if a key is given.

    The checkpoint and the time stamp stay as they are.
    """
    forged = b"%PDF-1.7 another statement"
    (package / statement).write_bytes(forged)
    case_path = package / "data/case.json"
    case = json.loads(case_path.read_bytes())
    for document in case["documents"]:
        if document["path"] == statement:
            document["sha256"] = hashlib.sha256(forged).hexdigest()
    case_path.write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")
    if key:
        sign_again(package, key=key)
    else:
        make_manifests_again(package)


def _manifest(files: dict[str, Path], manifest: str) -> bytes:
    (algorithm,) = (name for name in ALGORITHMS if name in manifest)
    digests = {
        name: {algorithm: hashlib.new(algorithm, path.read_bytes()).hexdigest()}
        for name, path in files.items()
    }
    return manifest_text(digests, algorithm)
