"""docs/security/keys.md tells of every place that makes, derives or uses a key."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "security" / "keys.md"
# What encrypts, signs, or derives or makes a key.
PRIMITIVES = frozenset(
    {
        "AESGCM",
        "Argon2PasswordHasher",
        "ChaCha20Poly1305",
        "Cipher",
        "Ed25519PrivateKey",
        "Fernet",
        "HKDF",
        "MultiFernet",
        "PBKDF2HMAC",
        "Scrypt",
        "derive_fernet",
        "derive_key",
        "generate_private_key",
        "load_or_create_key",
        "make_password",
        "salted_hmac",
        "token_bytes",
        "token_hex",
        "token_urlsafe",
    }
)
# Modules that use one, and the line of the inventory that tells of it.
INVENTORY = {
    "bluelamp/foundation/accounts/commands/device_reports.py": "Orders to wipe",
    "bluelamp/foundation/notifications/confirmed_addresses.py": "first codes",
    "bluelamp/records/people/contact_facts.py": "first codes",
    "bluelamp/web/public/code_requests.py": "first codes",
    "bluelamp/casework/reports/commands/drafts.py": "Sessions, drafts",
    "bluelamp/casework/victims/commands/passphrases.py": "Tracking passphrases",
    "bluelamp/casework/victims/commands/statement_copies.py": "links to statements",
    "bluelamp/casework/victims/commands/tracking.py": "one-time codes",
    "bluelamp/demo/story.py": "demonstration",
    "bluelamp/foundation/accounts/commands/directory_tokens.py": "Directory tokens",
    "bluelamp/foundation/accounts/commands/lifecycle.py": "enrolment links",
    "bluelamp/foundation/accounts/commands/opening.py": "Passwords",
    "bluelamp/foundation/accounts/commands/passwords.py": "Passwords",
    "bluelamp/foundation/accounts/commands/signing_in.py": "Passwords",
    "bluelamp/foundation/accounts/hashing.py": "Argon2id",
    "bluelamp/foundation/accounts/mfa_adapter.py": "authenticator apps",
    "bluelamp/foundation/accounts/recovery_codes.py": "Recovery codes",
    "bluelamp/foundation/forms/commands.py": "Sessions, drafts",
    "bluelamp/foundation/kernel/merkle_log/checkpoint.py": "Log keys",
    "bluelamp/foundation/kernel/merkle_log/key_rotation.py": "The log keys",
    "bluelamp/foundation/kernel/secret_key.py": "Secret key",
    "bluelamp/foundation/notifications/encryption.py": "Codes in messages",
    "bluelamp/foundation/documents/signing_key.py": "Document key",
    "bluelamp/foundation/notifications/one_time_codes.py": "one-time codes",
    "bluelamp/services/firearms/commands/issuing.py": "codes of certificates",
    "bluelamp/services/phone_files/file_format.py": "Files from phones",
    "bluelamp/services/phone_files/keys.py": "Files from phones",
    "bluelamp/services/requests/commands/answering.py": "links of requests",
    "bluelamp/foundation/payments/links.py": "links to payments",
    "bluelamp/services/firearms/commands/referees.py": "links of referees",
    "bluelamp/services/firearms/commands/starting.py": "unsent applications",
    "bluelamp/settings.py": "Secret key",
    "bluelamp/web/accounts/carried_posts.py": "forms of an ended session",
    "bluelamp/web/draft_keys.py": "unsent forms",
    "bluelamp/web/private_searches.py": "searches in addresses",
}
ALLOWED_PRIMITIVES = PRIMITIVES - {"AESGCM", "ChaCha20Poly1305", "Cipher", "PBKDF2HMAC", "Scrypt"}
# What browsers encrypt with: the one cipher of WebCrypto that proves what it decrypts.
MAY_USE_AES_GCM = "bluelamp/services/phone_files/file_format.py"
WEAK_HASHES = frozenset({"md4", "md5", "sha1", "MD5", "SHA1"})
# SHA-1 is one of the checksums of tus 1.0, against slips on the way, and what the list of breached
# passwords is made of. Neither proves anything.
_MAY_NAME_SHA1 = (
    "bluelamp/foundation/accounts/breached_passwords.py",
    "bluelamp/records/evidence/uploads/protocol.py",
)
_SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b"
    r"|(?:secret|password|token|api_?key)\s*=\s*[\"'][A-Za-z0-9+/_-]{24,}[\"']",
    re.IGNORECASE,
)


def modules() -> dict[str, str]:
    """Return the source of every module of the program, by its path."""
    return {
        path.relative_to(ROOT).as_posix(): path.read_text()
        for path in (ROOT / "bluelamp").rglob("*.py")
        if "migrations" not in path.parts
    }


def primitives_of(source: str) -> set[str]:
    """Return which of `PRIMITIVES` a module names."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            names.add(node.id)
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
    return names & PRIMITIVES


def weak_hashes_of(source: str) -> set[str]:
    """Return the weak hashes that a module names, in its code or in a string that is one."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    return found & WEAK_HASHES


def test_it_works() -> None:
    used = {path: primitives_of(source) for path, source in modules().items()}
    used = {path: names for path, names in used.items() if names}
    # A module that only passes a log's key on is told of with the log keys.
    users = {path for path, names in used.items() if names != {"load_or_create_key"}}
    assert users == set(INVENTORY)
    lower = {path: names - ALLOWED_PRIMITIVES for path, names in used.items()}
    assert {path: names for path, names in lower.items() if names} == {MAY_USE_AES_GCM: {"AESGCM"}}


def test_the_document_tells_of_each() -> None:
    document = DOCUMENT.read_text()
    assert [line for line in INVENTORY.values() if line not in document] == []


def test_no_weak_hash() -> None:
    weak = {path: names for path, source in modules().items() if (names := weak_hashes_of(source))}
    assert weak == {path: {"sha1"} for path in _MAY_NAME_SHA1}


def test_no_secret_is_in_the_source() -> None:
    assert [path for path, source in modules().items() if _SECRET.search(source)] == []


@pytest.mark.parametrize(
    "source",
    ["from x import AESGCM", "hashes.Cipher(a)", "def derive_key(): ...", "secrets.token_hex(5)"],
)
def test_what_it_finds(source: str) -> None:
    assert primitives_of(source)


@pytest.mark.parametrize(
    "source",
    [
        'TOKEN = "dGhpcyBpcyBhIHNlY3JldCBrZXk_x9"',
        "-----BEGIN EC PRIVATE KEY-----",
        "key = 'AKIAABCDEFGHIJKLMNOP'",
    ],
)
def test_what_looks_like_a_secret(source: str) -> None:
    assert _SECRET.search(source)
    assert weak_hashes_of("hashlib.md5(b'')") == {"md5"}
