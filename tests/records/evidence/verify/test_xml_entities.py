"""XML that names files, addresses or itself over and over: refused by every parser we have."""

import socket
import time
from pathlib import Path

import pytest

from bluelamp.casework.casefiles.court_message import validate
from bluelamp.records.evidence.verify.case import _parse_xml
from bluelamp.records.evidence.verify.source import Unreadable

BILLION = (
    "<!DOCTYPE a ["
    + '<!ENTITY e0 "lol">'
    + "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    + "]><a>&e9;</a>"
)


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.write_text("the signing key")
    return path


def refusals(xml: str) -> list[str]:
    """Return what each parser says of a text. It must refuse it, quickly."""
    begun = time.monotonic()
    with pytest.raises(Unreadable) as refused:
        _parse_xml(xml.encode())
    sentences = [str(refused.value), *validate(xml.encode())]
    assert len(sentences) > 1, "the second parser took it"
    assert time.monotonic() - begun < 2
    return sentences


def test_it_works(secret: Path) -> None:
    xml = f'<!DOCTYPE a [<!ENTITY e SYSTEM "{secret.as_uri()}">]><a>&e;</a>'
    assert "signing key" not in " ".join(refusals(xml))


def test_an_entity_calls_nobody() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        for xml in (
            f'<!DOCTYPE a [<!ENTITY e SYSTEM "{address}">]><a>&e;</a>',
            f'<!DOCTYPE a SYSTEM "{address}"><a/>',
            f'<!DOCTYPE a [<!ENTITY % e SYSTEM "{address}"> %e;]><a/>',
        ):
            refusals(xml)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_entities_do_not_expand_without_end() -> None:
    refusals(BILLION)
