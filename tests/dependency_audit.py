"""`make audit`: ask the lists of known faults about every library that is pinned.

pip-audit says "no known vulnerabilities" and exits 0 also where it could audit nothing. So what
counts here is that it answered for every pinned version.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ("requirements/run.txt", "requirements/test.txt")
LOCK_FILES = ("package-lock.json", "officer-app/package-lock.json")
_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


def read_pins(text: str) -> dict[str, str]:
    """Return the pinned version of each library in a requirements file."""
    return {_normal_name(name): version for name, version in _PIN.findall(text)}


def python_faults(pins: dict[str, str], answer: str) -> Iterator[str]:
    """Yield what is wrong by pip-audit's answer in JSON: known faults, and what it did not audit.

    Args:
        pins: The libraries that should have been audited, by name.
        answer: What pip-audit printed.
    """
    try:
        rows: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        yield "pip-audit gave no answer"
        return
    audited = {_normal_name(row["name"]): row for row in rows if "skip_reason" not in row}
    for name, version in pins.items():
        row = audited.get(name)
        if row is None or row.get("version") != version:
            yield f"{name} {version} was not audited"
        else:
            for fault in row.get("vulns", ()):
                fixed = ", ".join(fault.get("fix_versions", ())) or "no version yet"
                yield f"{name} {version}: {fault['id']}, mended in {fixed}"


def node_faults(lock_file: str, answer: str) -> Iterator[str]:
    """Yield what is wrong by npm's answer in JSON.

    Args:
        lock_file: The lock file's content: what should have been audited.
        answer: What `npm audit --json` printed.
    """
    pinned = sum(bool(name) for name in json.loads(lock_file)["packages"])
    try:
        report = json.loads(answer)
        audited = report["metadata"]["dependencies"]["total"]
        faults = report["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        yield "npm audit gave no answer"
        return
    # Packages for other systems are in the lock file, and npm counts only those of this one.
    if not audited or audited > pinned:
        yield f"npm audited {audited} of {pinned} packages"
    for name, fault in faults.items():
        yield f"{name} {fault['range']}: {fault['severity']}"


def main() -> int:
    """Print what is wrong, and return 1 if anything is, or could not be found out."""
    faults: list[str] = []
    for path in REQUIREMENTS:
        command = [
            str(Path(sys.executable).with_name("uvx")),
            "pip-audit",
            "--disable-pip",
            "--require-hashes",
            "-f",
            "json",
            "-r",
            path,
        ]
        found = python_faults(read_pins((ROOT / path).read_text()), _output(command, ROOT))
        faults += [f"{path}: {fault}" for fault in found]
    for path in LOCK_FILES:
        answer = _output(["npm", "audit", "--json"], (ROOT / path).parent)
        found = node_faults((ROOT / path).read_text(), answer)
        faults += [f"{path}: {fault}" for fault in found]
    print("\n".join(faults) or "Every pinned version was audited, and none has a known fault.")
    return 1 if faults else 0


def _output(command: list[str], folder: Path) -> str:
    """Return what a program prints. Its exit status says nothing that we rely on."""
    try:
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return run.stdout


def _normal_name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
