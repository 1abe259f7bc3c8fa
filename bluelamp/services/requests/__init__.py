"""Paid information, such as collision reports. Later work furnishes this room."""
