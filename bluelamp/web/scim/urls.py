"""The addresses under `/scim/v2/`."""

from django.urls import path

from bluelamp.web.scim import describing, views

urlpatterns = [
    path("ServiceProviderConfig", describing.service_provider_config),
    path("ResourceTypes", describing.resource_types),
    path("ResourceTypes/<str:name>", describing.resource_types),
    path("Schemas", describing.schemas),
    path("Schemas/<str:name>", describing.schemas),
    path("Users", views.users),
    path("Users/.search", views.search_users),
    path("Users/<uuid:user_id>", views.user),
    path("Groups", views.groups),
    path("Groups/.search", views.search_groups),
    path("Groups/<uuid:group_id>", views.group),
    path(".search", views.search),
    path("<path:rest>", views.not_found),
]
