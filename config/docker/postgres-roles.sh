#!/bin/sh
# Grafana reads the store with a role of its own that can write nothing. Runs once, when the database is made.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$(cat /secrets/postgres/grafana)" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE grafana LOGIN PASSWORD :'password';
GRANT CONNECT ON DATABASE wirewatch TO grafana;
GRANT USAGE ON SCHEMA public TO grafana;
ALTER DEFAULT PRIVILEGES FOR ROLE wirewatch IN SCHEMA public GRANT SELECT ON TABLES TO grafana;
ALTER ROLE grafana SET default_transaction_read_only = on;
SQL
