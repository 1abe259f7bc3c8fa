"""The permissions that firearms licensing defines."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("firearms.apply", "apply for a certificate", is_public=True),
    Permission("firearms.track", "follow one's own applications", is_public=True),
    Permission("firearms.reply", "answer as a referee, by a private link", is_public=True),
    Permission("firearms.progress", "note what an application was waiting for"),
    Permission("firearms.read_medical", "read what applicants declare of their health"),
    Permission("firearms.view", "see applications and certificates"),
    Permission("firearms.check", "take applications on, record checks and recommend a decision"),
    Permission("firearms.key_paper", "key applications and notices that came on paper or by phone"),
    Permission("firearms.vet", "look for holders of certificates in new records"),
    Permission("firearms.decide", "decide applications, and revoke certificates, within limits"),
    Permission("firearms.issue", "issue certificates, and record surrenders, seizures and appeals"),
    Permission("firearms.authority", "set who may decide what"),
    Permission("firearms.make_documents", "make the PDF of a certificate"),
    Permission("firearms.check_certificate", "see whether a certificate is valid", is_public=True),
)
