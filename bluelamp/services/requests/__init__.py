"""Paid information, such as collision reports. Not written yet."""
