"""Check a case file package, on any machine: no Django, no database, no network, nothing unpacked.

In: a folder or a zip from anyone, so everything in it is taken as hostile. Out: one Check for each
thing looked at. Words: a *check* passed or failed, and says of which file and why; what the package
vouches for by itself (its own key, its own certificates) is said to be so, unless the reader brings
a key and a root to hold it to. It must never extract a file, follow a link or an address, or call a
package good that it could not read to the end.
"""

from bluelamp.records.evidence.verify.check import Check
from bluelamp.records.evidence.verify.command import main
from bluelamp.records.evidence.verify.package import NotAPackage, verify_package

__all__ = ["Check", "NotAPackage", "main", "verify_package"]
