"""Firearms certificates: applications, checks, decisions. Later work furnishes this room."""
