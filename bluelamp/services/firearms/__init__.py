"""Firearms certificates: applications, checks, decisions. Not written yet."""
