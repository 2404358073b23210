"""What must be exact lives here, in transactions under unique keys. SQLite by default, PostgreSQL at scale.

The only importer of SQLAlchemy. Each module owns its tables; every function takes a `Connection` in a transaction.
"""
