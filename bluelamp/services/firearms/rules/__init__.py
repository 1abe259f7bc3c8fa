"""Decisions about firearms licensing as pure functions, each citing its authority."""
