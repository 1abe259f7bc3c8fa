"""Payments by GOV.UK Pay. Not written yet."""
