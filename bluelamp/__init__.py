"""Bluelamp: one joined-up policing record, from the first report to the courtroom.

`web` holds the doors, `casework` the flow from report to outcome, `services` what people ask of us,
`records` what every stage refers to, `foundation` what everything stands on. Who may import whom is
written in pyproject.toml and checked by import-linter.
"""
