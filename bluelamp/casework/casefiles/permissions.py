"""The permissions that case files define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("casefile.build", "build a case file"),
    Permission("casefile.view", "see a case file of the force"),
    Permission("casefile.submit", "send a case file to the prosecutor"),
    Permission("casefile.receive", "receive case files as a prosecutor"),
)
