"""Payments by GOV.UK Pay. Later work furnishes this room."""
