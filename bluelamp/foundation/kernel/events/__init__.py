"""Events: facts that one domain publishes and others act on, later and in their own transactions.

`event` defines them, `outbox` publishes and delivers them, `deliveries` lists and retries what
failed.
"""
