"""Random attacks on a package: each changes a copy of it, and returns what it touched.

An attacker is a courier without a key, somebody with keys and a time-stamping authority of their
own, or the force itself with its own key but after the date of the stamp.
"""

import json
import random
import shutil
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bluelamp.foundation.kernel.merkle_log.checkpoint import (
    Checkpoint,
    SignerKey,
    sign_checkpoint,
)
from bluelamp.records.evidence.bag import zip_bag
from sandbox.tsa import Authority
from tests.records.evidence.packages import stamp
from tests.records.evidence.verify.forging import (
    exchange_statement,
    list_files,
    make_manifests_again,
    make_tag_manifests_again,
    sign_again,
)

Touched = set[str]
"""Names of which a failed check has to name one."""


@dataclass(frozen=True)
class Target:
    """What an attack works on.

    Attributes:
        package: A copy of the good package, to be changed.
        other: Another good package of the same force, to take parts from.
        rng: The source of chance.
        force_key: The force's own key.
        authority: The folder of an authority that the attacker runs.
        archive: Where an attack on the zip leaves it; the folder is not looked at then.
    """

    package: Path
    other: Path
    rng: random.Random
    force_key: SignerKey
    authority: Path
    archive: Path

    def choose_file(self, prefix: str = "") -> tuple[str, Path]:
        """Return one of the files whose path begins so."""
        files = list_files(self.package)
        name = self.rng.choice([name for name in files if name.startswith(prefix)])
        return name, files[name]

    def cover_up(self) -> None:
        """Write the lists again, some of them or all, or leave them."""
        self.rng.choice([lambda package: None, make_tag_manifests_again, make_manifests_again])(
            self.package
        )


def flip_a_bit(target: Target) -> Touched:
    name, path = target.choose_file()
    content = bytearray(path.read_bytes())
    bit = target.rng.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(content)
    return {name}


def cut_or_lengthen_a_file(target: Target) -> Touched:
    name, path = target.choose_file()
    content = path.read_bytes()
    path.write_bytes(target.rng.choice([content[:-1], content + b"\n", content * 2, b""]))
    if not name.startswith(("tagmanifest", "manifest", "bag")):
        target.cover_up()
    return {name, *_lists(name)}


def add_a_file(target: Target) -> Touched:
    folder = target.rng.choice(
        [
            "",
            "seal/",
            "seal/proofs/",
            "evidence/",
            "data/",
            "data/documents/",
            "data/exhibits/AB-9/",
        ]
    )
    name = folder + target.rng.choice(["READ-ME-FIRST.txt", "CONFESSION.pdf", "extra.html"])
    path = target.package / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"The defendant confessed.")
    target.cover_up()
    return {name, *_lists(name)}


def add_an_empty_folder(target: Target) -> Touched:
    name = target.rng.choice(["", "data/", "seal/"]) + target.rng.choice(["GUILTY", "more"])
    (target.package / name).mkdir()
    return {name}


def remove_a_file(target: Target) -> Touched:
    name, path = target.choose_file()
    path.unlink()
    if "manifest-" not in name:  # it would be there again
        target.cover_up()
    return {name, *_lists(name)}


def rename_a_file(target: Target) -> Touched:
    name, path = target.choose_file()
    renamed = path.with_name(target.rng.choice(["a", "Z-", "-"]) + path.name)
    path.rename(renamed)
    target.cover_up()
    return {name, renamed.relative_to(target.package).as_posix(), *_lists(name)}


def add_a_twin(target: Target) -> Touched:
    """Add a file that some computers take for another one."""
    name, path = target.choose_file("data/documents/")
    twin = path.with_name(
        target.rng.choice([path.name.swapcase(), unicodedata.normalize("NFD", "é" + path.name)])
    )
    twin.write_bytes(b"%PDF-1.7 another")
    target.cover_up()
    return {name, twin.relative_to(target.package).as_posix(), *_lists(name)}


def swap_two_files(target: Target) -> Touched:
    prefix = target.rng.choice(["data/documents/", "data/", "seal/"])
    while True:
        (one, first), (two, second) = target.choose_file(prefix), target.choose_file(prefix)
        before = first.read_bytes(), second.read_bytes()
        if before[0] != before[1]:
            break
    first.write_bytes(before[1])
    second.write_bytes(before[0])
    target.cover_up()
    return {one, two, *_lists(one)}


def reorder_lines(target: Target) -> Touched:
    names = [
        name
        for name in list_files(target.package)
        if (name.endswith(".txt") and "bagit" not in name) or name == "seal/manifest"
    ]
    name = target.rng.choice(names)
    path = target.package / name
    lines = path.read_bytes().split(b"\n")
    first, second = target.rng.sample(range(2), 2)
    lines[first], lines[second] = lines[second], lines[first]
    changed = b"\n".join(lines)
    if changed == path.read_bytes():
        changed = b"\n".join([*lines[1:-1], lines[0], b""])
    path.write_bytes(changed)
    if "manifest-" not in name:
        make_tag_manifests_again(target.package)
    return {name}


def reorder_continuity(target: Target) -> Touched:
    name, path = _choose_item_proof(target)
    proofs = json.loads(path.read_bytes())
    target.rng.choice(
        [proofs["entries"].reverse, lambda: proofs["entries"].pop(target.rng.randrange(2))]
    )()
    path.write_text(json.dumps(proofs), encoding="utf-8")
    target.cover_up()
    return {name}


def change_continuity(target: Target) -> Touched:
    name, path = _choose_item_proof(target)
    proofs = json.loads(path.read_bytes())
    entry = json.loads(proofs["entries"][1]["entry"])
    field = target.rng.choice(["by_name", "at", "verb", "sha256"])
    entry[field] = "Mallory"
    proofs["entries"][1]["entry"] = json.dumps(
        entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )
    path.write_text(json.dumps(proofs), encoding="utf-8")
    target.cover_up()
    return {name}


def strip_the_seal(target: Target) -> Touched:
    name = target.rng.choice(
        ["manifest", "checkpoint", "timestamp.tsr", "tsa-chain.pem", "keys", "proofs", ""]
    )
    path = target.package / "seal" / name
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    make_manifests_again(target.package)
    return {f"seal/{name}"}


def exchange_the_seal(target: Target) -> Touched:
    """Take another package's seal, or a part of it."""
    name = target.rng.choice(["manifest", "checkpoint", "timestamp.tsr", "proofs/package.json", ""])
    source, place = target.other / "seal" / name, target.package / "seal" / name
    if source.is_dir():
        shutil.rmtree(place)
        shutil.copytree(source, place)
    else:
        shutil.copyfile(source, place)
    target.cover_up()
    return {f"seal/{name}"}


def forge_bag_info(target: Target) -> Touched:
    path = target.package / "bag-info.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    line = target.rng.randrange(len(lines) - 1)  # the last one, Payload-Oxum, is written again
    label, _, _ = lines[line].partition(":")
    lines[line] = target.rng.choice([f"{label}: Mallory", f"{lines[line]}\nContact-Email: m@m.uk"])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    target.cover_up()
    return {"bag-info.txt"}


def forge_bag_info_with_the_forces_key(target: Target) -> Touched:
    path = target.package / "bag-info.txt"
    path.write_text(
        path.read_text(encoding="utf-8").replace("Contact-Name: ", "Contact-Name: Not "),
        encoding="utf-8",
    )
    sign_again(target.package, key=target.force_key)
    return {"bag-info.txt"}


def exchange_a_document(target: Target) -> Touched:
    name, _ = target.choose_file("data/documents/")
    exchange_statement(target.package, statement=name)
    return {name, "manifest-sha512.txt"}


def exchange_a_document_with_another_key(target: Target) -> Touched:
    name, _ = target.choose_file("data/documents/")
    key = SignerKey(name=target.force_key.name, private_key=Ed25519PrivateKey.generate())
    if target.rng.random() < 0.5:
        (target.package / "seal/keys").write_text(f"{key.verifier}\n")
    exchange_statement(target.package, key=key, statement=name)
    return {"seal/manifest"}


def exchange_a_document_with_the_forces_key(target: Target) -> Touched:
    name, _ = target.choose_file("data/documents/")
    exchange_statement(target.package, key=target.force_key, statement=name)
    return {"seal/proofs/package.json"}


def sign_another_checkpoint(target: Target) -> Touched:
    """With the force's key: the old stamp is not over it."""
    path = target.package / "seal/checkpoint"
    origin, size, _ = path.read_text(encoding="utf-8").split("\n")[:3]
    checkpoint = Checkpoint(origin=origin, size=int(size), root=target.rng.randbytes(32))
    path.write_text(sign_checkpoint(checkpoint, key=target.force_key), encoding="utf-8")
    sign_again(target.package, key=target.force_key)
    return {"seal/timestamp.tsr"}


def stamp_with_another_authority(target: Target) -> Touched:
    """With the force's key: anybody can run an authority, and choose the time."""
    note = (target.package / "seal/checkpoint").read_bytes()
    (target.package / "seal/timestamp.tsr").write_bytes(stamp(note, target.authority))
    chain = Authority.in_folder(target.authority).chain
    if target.rng.random() < 0.5:
        (target.package / "seal/tsa-chain.pem").write_bytes(chain)
    sign_again(target.package, key=target.force_key)
    return {"seal/timestamp.tsr", "seal/tsa-chain.pem"}


def put_a_link_in_place_of_a_file(target: Target) -> Touched:
    name, path = target.choose_file()
    path.unlink()
    path.symlink_to(target.other / name)
    return {name}


def list_a_leftover(target: Target) -> Touched:
    """Hide a document under a name that readers of the report would skip."""
    name = "data/documents/" + target.rng.choice(["._MG11.pdf", ".DS_Store", "Thumbs.db"])
    (target.package / name).write_bytes(b"%PDF-1.7 hidden")
    sign_again(target.package, key=target.force_key)
    return {name}


def flip_a_bit_of_the_zip(target: Target) -> Touched:
    zip_bag(folder=target.package, target=target.archive)
    content = bytearray(target.archive.read_bytes())
    bit = target.rng.randrange(len(content) * 8)
    content[bit // 8] ^= 1 << bit % 8
    target.archive.write_bytes(content)
    # A bit of the container belongs to no file in it.
    return {target.archive.name, *list_files(target.package)}


def double_a_member_of_the_zip(target: Target) -> Touched:
    name, _ = target.choose_file()
    zip_bag(folder=target.package, target=target.archive)
    with zipfile.ZipFile(target.archive, "a") as archive:
        archive.comment = b""
        member = f"{target.package.name}/{name}"
        del archive.NameToInfo[member]  # it would warn of the name
        archive.writestr(member, b"another")
    return {name}


def add_a_member_to_the_zip(target: Target) -> Touched:
    zip_bag(folder=target.package, target=target.archive)
    name = target.rng.choice(["READ-ME.txt", "../up.txt", "/abs.txt", "seal/proofs/up.json"])
    base = "" if name.startswith((".", "/")) else f"{target.package.name}/"
    with zipfile.ZipFile(target.archive, "a") as archive:
        archive.comment = b""
        archive.writestr(base + name, b"another")
    return {name}


def put_bytes_round_the_zip(target: Target) -> Touched:
    zip_bag(folder=target.package, target=target.archive)
    content = target.archive.read_bytes()
    extra = target.rng.randbytes(40)
    target.archive.write_bytes(
        target.rng.choice([extra + content, content + extra, content[: -len(extra)]])
    )
    return {target.archive.name}


def give_a_member_a_second_name(target: Target) -> Touched:
    """Some programs unpack a member under the name in this extra field."""
    name, _ = target.choose_file("data/documents/")
    with zipfile.ZipFile(target.archive, "w") as archive:
        for path_in_bag, path in list_files(target.package).items():
            member = zipfile.ZipInfo(f"{target.package.name}/{path_in_bag}")
            if path_in_bag == name:
                member.extra = b"\x75\x70\x0a\x00\x01\x00\x00\x00\x00a.pdf"
            archive.writestr(member, path.read_bytes())
    return {name}


Attack = Callable[[Target], Touched]
ATTACKS: tuple[Attack, ...] = (
    flip_a_bit,
    cut_or_lengthen_a_file,
    add_a_file,
    add_an_empty_folder,
    remove_a_file,
    rename_a_file,
    add_a_twin,
    swap_two_files,
    reorder_lines,
    reorder_continuity,
    change_continuity,
    strip_the_seal,
    exchange_the_seal,
    forge_bag_info,
    forge_bag_info_with_the_forces_key,
    exchange_a_document,
    exchange_a_document_with_another_key,
    exchange_a_document_with_the_forces_key,
    sign_another_checkpoint,
    stamp_with_another_authority,
    put_a_link_in_place_of_a_file,
    list_a_leftover,
    flip_a_bit_of_the_zip,
    double_a_member_of_the_zip,
    add_a_member_to_the_zip,
    put_bytes_round_the_zip,
    give_a_member_a_second_name,
)


def _choose_item_proof(target: Target) -> tuple[str, Path]:
    files = list_files(target.package)
    names = [name for name in files if name.startswith("seal/proofs/") and "package" not in name]
    name = target.rng.choice(names)
    return name, files[name]


def _lists(name: str) -> Touched:
    """Return the lists that name a file: written again, they are what fails in its place."""
    if name.startswith("data/"):
        return {"manifest-sha256.txt", "manifest-sha512.txt"}
    return {"tagmanifest-sha256.txt", "seal/manifest"}
