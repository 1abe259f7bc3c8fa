"""Signing in and out, and a person's own ways to sign in."""
