"""Firearms licensing for applicants and their referees."""
