"""What a package proves with the reader's own keys, and what it does not prove without them."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bluelamp.foundation.kernel.merkle_log.checkpoint import SignerKey
from bluelamp.records.evidence.verify import main
from sandbox.tsa import Authority
from tests.records.evidence.packages import KEY, make_package


def test_the_readers_own_key_and_root_are_used(
    good_package: Path, tmp_path: Path, tsa: Path
) -> None:
    other = SignerKey(name=KEY.name, private_key=Ed25519PrivateKey.generate()).verifier
    other_authority = Authority.in_folder(tmp_path / "other")
    (tmp_path / "other.pem").write_bytes(
        other_authority.chain.partition(b"-----END CERTIFICATE-----\n")[2]
    )
    assert (
        main(
            [str(good_package), "--log-key", str(KEY.verifier), "--tsa-root", str(tsa / "root.pem")]
        )
        == 0
    )
    assert main([str(good_package), "--log-key", str(other)]) == 1
    assert main([str(good_package), "--tsa-root", str(tmp_path / "other.pem")]) == 1


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    status = main(list(arguments))
    return status, capsys.readouterr().out.splitlines()


def test_without_pins_the_last_line_says_that_nobody_known_signed_it(
    good_package: Path, tsa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, root = ["--log-key", str(KEY.verifier)], ["--tsa-root", str(tsa / "root.pem")]
    for pins, words in (
        ([], "nobody known has signed it"),
        (key, "nobody known has stamped it"),
        (root, "nobody known has signed it"),
    ):
        status, lines = run(capsys, str(good_package), *pins)
        assert status == 3
        counts = f"{len(lines) - 2} passed, 0 failed"
        assert lines[-2] == counts
        assert words in lines[-1]
        assert lines[-1].endswith(counts)
    status, lines = run(capsys, str(good_package))
    assert any("the package's own" in line and "seal/keys" in line for line in lines)
    assert any("the package's own" in line and "seal/tsa-chain.pem" in line for line in lines)


def test_it_works(good_package: Path, tsa: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = run(
        capsys,
        str(good_package),
        "--log-key",
        str(KEY.verifier),
        "--tsa-root",
        str(tsa / "root.pem"),
    )
    assert (status, lines[-1]) == (0, f"{len(lines) - 1} passed, 0 failed")


def test_a_wholly_forged_package_is_not_proven(
    tmp_path: Path, tsa: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = SignerKey(name=KEY.name, private_key=Ed25519PrivateKey.generate())
    forged = make_package(tmp_path / "forged", tsa=tmp_path / "own-authority", key=other)
    assert run(capsys, str(forged))[0] == 3
    pins = ["--log-key", str(KEY.verifier), "--tsa-root", str(tsa / "root.pem")]
    status, lines = run(capsys, str(forged), *pins)
    assert status == 1
    failed = [line for line in lines if line.startswith("FAIL")]
    assert any("seal/keys" in line for line in failed)
    assert any("seal/tsa-chain.pem" in line for line in failed)


def key_list(tsa: Path, **changes: object) -> dict[str, object]:
    key = {
        "key": str(KEY.verifier),
        "valid_from": "2026-01-01T00:00:00+00:00",
        "valid_until": None,
    }
    return {
        "format": "bluelamp-keys/1",
        "log_keys": [key | changes],
        "time_stamp_roots": [{"pem": (tsa / "root.pem").read_text()}],
    }


def test_the_forces_published_list_pins_both(
    good_package: Path, tsa: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(key_list(tsa)))
    assert run(capsys, str(good_package), "--log-key", str(keys))[0] == 0
    assert run(capsys, str(good_package), "--tsa-root", str(keys))[0] == 3
    keys.write_text(json.dumps(key_list(tsa, valid_until="2026-01-02T00:00:00+00:00")))
    status, lines = run(capsys, str(good_package), "--log-key", str(keys))
    assert status == 1
    assert any("not in use when the package was stamped" in line for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "{}",
        '{"format": "bluelamp-keys/1"}',
        '{"format": "bluelamp-keys/1", "log_keys": [3], "time_stamp_roots": []}',
        '{"format": "bluelamp-keys/1", "log_keys": 3, "time_stamp_roots": {}}',
        "[" * 100_000,
        "\xff",
        "",
    ],
)
def test_a_list_of_keys_that_is_none_is_wrong_input(
    good_package: Path, tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "keys.json").write_text(text, encoding="latin-1")
    assert main([str(good_package), "--log-key", str(tmp_path / "keys.json")]) == 2
    seen = capsys.readouterr()
    assert (seen.out, seen.err.count("\n")) == ("", 1)
