"""PostgreSQL: Django's backend for it (`base`), the embedded server (`postgres`), append-only
tables, and the fast paths past the ORM (`fast_sql`, `write_buffer`).
"""
