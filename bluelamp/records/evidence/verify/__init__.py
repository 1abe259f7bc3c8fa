"""Check a case file package on any machine: no Django, no database, no network, nothing unpacked.

In: a folder or a zip from anybody, so everything in it is treated as hostile. Out: one `Check` for
each thing looked at, which passed or failed and says of which file and why. What the package proves
only by its own key and its own certificates is called that, unless the reader brings a key and a
root of their own. It must never extract a file, follow a link or an address, or call a package good
that it could not read to the end.
"""

from bluelamp.foundation.kernel.check import Check
from bluelamp.records.evidence.verify.command import main
from bluelamp.records.evidence.verify.package import NotAPackage, verify_package

__all__ = ["Check", "NotAPackage", "main", "verify_package"]
