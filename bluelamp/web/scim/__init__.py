"""SCIM 2.0 (RFC 7643, RFC 7644): a force's directory opens, changes and closes its accounts here.

The address is `/scim/v2/`. Each client has a token of its own (`bluelamp account token`).
"""
