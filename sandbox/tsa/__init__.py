"""A time-stamping authority by RFC 3161, for demonstrations and tests.

In: a TimeStampReq by HTTP POST (`application/timestamp-query`). Out: a TimeStampResp
(`application/timestamp-reply`), signed under a certificate authority of its own, made at the first
start. `GET /chain.pem` gives its certificates. Its time is this machine's clock and nobody trusts
its root, so its stamps must never be put forward as evidence: a force names a qualified authority
in BLUELAMP_TSA_URL.
"""

from sandbox.tsa.authority import Authority
from sandbox.tsa.server import serve

__all__ = ["Authority", "serve"]
