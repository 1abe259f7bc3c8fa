"""The lines for the proxy in ops/README.md: TLS, and what programs and people are answered."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

README = Path(__file__).resolve().parents[2] / "ops" / "README.md"


@pytest.fixture(scope="module")
def lines() -> str:
    """Return the lines for nginx."""
    [block] = re.findall(r"```nginx\n(.*?)```", README.read_text(), re.DOTALL)
    return str(block)


def value(lines: str, name: str) -> str:
    [found] = re.findall(rf"^\s*{name}\s+([^;]+);", lines, re.MULTILINE)
    return str(found)


def test_it_works(lines: str) -> None:
    assert value(lines, "ssl_protocols") == "TLSv1.2 TLSv1.3"
    assert value(lines, "ssl_prefer_server_ciphers") == "on"


def test_every_cipher_keeps_old_traffic_secret_and_is_authenticated(lines: str) -> None:
    ciphers = value(lines, "ssl_ciphers").split(":")
    assert ciphers
    for cipher in ciphers:
        assert cipher.startswith("ECDHE-"), "forward secrecy"
        assert "GCM" in cipher or "CHACHA20-POLY1305" in cipher, "authenticated"


def test_programs_are_not_redirected(lines: str) -> None:
    [plain] = re.findall(r"server \{\s*listen 80;.*?\n\}", lines, re.DOTALL)
    [pattern] = re.findall(r"location ~ (\S+) \{ return 403; \}", plain)
    for path in ("/api/v1/reports", "/uploads/", "/scim/v2/Users", "/metrics"):
        assert re.search(pattern, path), path
    for path in ("/", "/report/", "/apiary", "/track/"):
        assert not re.search(pattern, path), path
    assert "return 301 https://$host$request_uri" in plain


def test_the_clients_address_is_the_proxys_word(lines: str) -> None:
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in lines
    assert "client_header_timeout" in lines
    assert value(lines, "proxy_http_version") == "1.1"


def test_its_log_has_no_queries(lines: str) -> None:
    [log_format] = re.findall(r"log_format bluelamp '([^']+)'", lines)
    assert "$uri" in log_format
    assert not re.search(
        r"\$request\b|\$request_uri|\$args|\$query_string|\$http_referer", log_format
    )


def test_nginx_reads_it(lines: str, tmp_path: Path) -> None:
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    if not nginx or not openssl:
        pytest.skip("NO NGINX: install nginx to have it read its own lines")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=x", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    served = lines.replace("/var/log/nginx/bluelamp.log", str(tmp_path / "log"))
    configuration = tmp_path / "nginx.conf"
    configuration.write_text(
        f"pid {tmp_path}/pid;\nerror_log {tmp_path}/error.log;\nevents {{}}\nhttp {{\n"
        f"ssl_certificate {certificate};\nssl_certificate_key {key};\n{served}\n}}\n"
    )
    run = subprocess.run(
        [nginx, "-t", "-p", str(tmp_path), "-c", str(configuration)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
