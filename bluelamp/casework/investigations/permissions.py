"""The permissions that investigations define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("investigation.allocate", "allocate an investigation"),
    Permission("investigation.view", "see an investigation"),
    Permission("investigation.write", "write in the log of an investigation"),
    Permission("statement.take", "take a statement"),
    Permission("suspect.name", "name a suspect"),
    Permission("suspect.charge", "record a charge"),
    Permission("exhibit.add", "give an item an exhibit reference"),
)
