"""What our SCIM service offers, as it says at `/ServiceProviderConfig`, and what it tolerates."""

from scim2_models import (
    AuthenticationScheme,
    Bulk,
    ChangePassword,
    ETag,
    Filter,
    Patch,
    ResourceType,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
)

from bluelamp.web.scim.resources import EnterpriseUser, Group, StaffUser, User

MAX_RESULTS = 200

CONFIG = ServiceProviderConfig(
    patch=Patch(supported=True),
    bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filter(supported=True, max_results=MAX_RESULTS),
    change_password=ChangePassword(supported=False),
    sort=Sort(supported=True),
    etag=ETag(supported=False),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken,
            name="Bearer token",
            description="A token that `bluelamp account token` made",
            primary=True,
        )
    ],
)
# Microsoft Entra and Okta send attributes that we don't keep.
POLICY = ScimPolicy(unknown=ScimPolicy.Unknown.ignore)
PROVIDER = ScimProvider(
    models=[User, EnterpriseUser, Group],
    resource_types=[ResourceType.from_resource(StaffUser), ResourceType.from_resource(Group)],
    config=CONFIG,
    policy=POLICY,
)
