"""Signing in through a force's own OpenID Connect provider."""
