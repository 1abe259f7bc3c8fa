"""Users and groups as SCIM says them: only the attributes that we keep, which `/Schemas` lists.

A directory may send others, such as phone numbers: they are ignored.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field
from scim2_models import (
    URN,
    AnyExtension,
    CaseExact,
    ComplexAttribute,
    Extension,
    InvalidValueException,
    Meta,
    Mutability,
    Reference,
    Required,
    Resource,
    Uniqueness,
)

from bluelamp.foundation.accounts.commands import DirectoryEntry
from bluelamp.foundation.accounts.directory import DirectoryGroupDetail, DirectoryUserDetail

_TYPED_EMAIL = re.compile(r"emails\[[^]]*\]\.value", re.IGNORECASE)


class Email(ComplexAttribute):
    """An address. We keep one, whatever its type."""

    value: Annotated[str | None, Field(max_length=254)] = None


class GroupMembership(ComplexAttribute):
    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[AnyExtension]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[
        str | None, Uniqueness.server, Required.true, Field(min_length=1, max_length=60)
    ] = None
    display_name: Annotated[str | None, Required.true, Field(max_length=120)] = None
    title: Annotated[str | None, Field(max_length=40)] = None
    active: Annotated[bool | None, Required.true] = None
    emails: list[Email] | None = None
    Emails: ClassVar[type[ComplexAttribute]] = Email
    groups: Annotated[list[GroupMembership] | None, Mutability.read_only] = None
    Groups: ClassVar[type[ComplexAttribute]] = GroupMembership


class EnterpriseUser(Extension):
    """The collar number and the unit."""

    __schema__ = URN("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User")

    employee_number: Annotated[str | None, Field(max_length=40)] = None
    department: Annotated[str | None, Field(max_length=80)] = None


class Member(ComplexAttribute):
    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    ref: Annotated[Reference["User"] | None, Mutability.immutable] = Field(  # type: ignore[type-arg]
        None, serialization_alias="$ref", validation_alias="$ref"
    )


class Group(Resource[Any]):
    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true, Field(min_length=1, max_length=200)] = None
    members: list[Member] | None = None
    Members: ClassVar[type[ComplexAttribute]] = Member


StaffUser = User[EnterpriseUser]


def to_user(account: DirectoryUserDetail, base: str) -> Any:
    """Return an account as SCIM says it.

    Args:
        account: The account.
        base: The address of `/scim/v2`, without a slash at its end.
    """
    user = StaffUser(
        id=str(account.id),
        external_id=account.external_id or None,
        user_name=account.username,
        display_name=account.name,
        title=account.rank or None,
        active=account.is_active,
        emails=[Email(value=account.email)] if account.email else None,
        # None and not []: an attribute without a value is left out (RFC 7643, 2.5).
        groups=[GroupMembership(value=str(key), display=name) for key, name in account.groups]
        or None,
        meta=Meta(resource_type="User", location=f"{base}/Users/{account.id}"),
    )
    if account.collar or account.unit:
        user[EnterpriseUser] = EnterpriseUser(
            employee_number=account.collar or None, department=account.unit or None
        )
    return user


def to_group(group: DirectoryGroupDetail, base: str) -> Group:
    """Return a group as SCIM says it."""
    return Group(
        id=str(group.id),
        external_id=group.external_id or None,
        display_name=group.name,
        members=[
            Member(value=str(member_id), ref=Reference(f"{base}/Users/{member_id}"))
            for member_id in group.member_ids
        ]
        or None,
        meta=Meta(resource_type="Group", location=f"{base}/Groups/{group.id}"),
    )


def to_entry(user: Any) -> DirectoryEntry:
    """Return what a user that the directory sent says of an account."""
    extension = user[EnterpriseUser]
    return DirectoryEntry(
        username=user.user_name,
        name=user.display_name,
        rank=user.title or "",
        collar=(extension.employee_number if extension else None) or "",
        unit=(extension.department if extension else None) or "",
        # The last: a PATCH adds behind the address that is there.
        email=next((email.value for email in reversed(user.emails or ()) if email.value), ""),
        external_id=user.external_id or "",
        is_active=bool(user.active),
    )


def member_ids(group: Group) -> frozenset[UUID]:
    """Return the ids of a group's members.

    Raises:
        InvalidValueException: One is not an id of ours.
    """
    try:
        return frozenset(UUID(member.value) for member in group.members or () if member.value)
    except ValueError:
        raise InvalidValueException(detail="A member's value must be the id of a User") from None


def with_defaults(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a new user as sent, with the name and state that the directory left out.

    Some send `name` and no `displayName`; and who is sent without `active` is at work.
    """
    # Attribute names have no case (RFC 7643, 2.1).
    keys = {key.lower() for key in payload}
    defaults: dict[str, Any] = {}
    if "displayname" not in keys:
        defaults["displayName"] = _full_name(payload) or payload.get("userName")
    if "active" not in keys:
        defaults["active"] = True
    return payload | defaults


def _full_name(payload: Mapping[str, Any]) -> str:
    name = next((value for key, value in payload.items() if key.lower() == "name"), None)
    if not isinstance(name, Mapping):
        return ""
    parts = {key.lower(): value for key, value in name.items() if isinstance(value, str)}
    full = parts.get("formatted") or f"{parts.get('givenname', '')} {parts.get('familyname', '')}"
    return full.strip()[:120]


def with_whole_emails(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a PATCH with `emails` in place of `emails[type eq "work"].value`.

    So Microsoft Entra writes the address. We keep no type by which to find the one that it means.
    """
    operations = payload.get("Operations")
    if not isinstance(operations, list):
        return payload
    return payload | {"Operations": [_with_whole_email(operation) for operation in operations]}


def _with_whole_email(operation: Any) -> Any:
    if not isinstance(operation, dict) or not isinstance(operation.get("value"), str):
        return operation
    if not _TYPED_EMAIL.fullmatch(str(operation.get("path", ""))):
        return operation
    # We keep one address, so to set the work one is to set it.
    return operation | {"op": "replace", "path": "emails", "value": [{"value": operation["value"]}]}
