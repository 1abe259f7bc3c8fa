"""The doors: parse, call one command or lookup, render. No rules, no tables."""
