"""The front ends: parse the request, call one command or lookup, render. No rules, no tables."""
