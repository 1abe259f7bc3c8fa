"""Read-only: search, maps, statistics, open data. It must never write. Later work furnishes this
room.
"""
