"""The permissions that firearms licensing defines."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("firearms.apply", "apply for a certificate", is_public=True),
    Permission("firearms.view", "see applications and certificates"),
    Permission("firearms.check", "take applications on, record checks and recommend a decision"),
    Permission("firearms.decide", "decide applications, and revoke certificates, within limits"),
    Permission("firearms.issue", "issue certificates, and record surrenders, seizures and appeals"),
    Permission("firearms.authority", "set who may decide what"),
    Permission("firearms.make_documents", "make the PDF of a certificate"),
    Permission("firearms.check_certificate", "see whether a certificate is valid", is_public=True),
)
