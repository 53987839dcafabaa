//! The tables in PostgreSQL and every statement that uses them.

use tokio_postgres::{Client, Error};

/// Each entry brings the database from one version to the next; `schema_version` counts them.
const VERSIONS: [&str; 1] = ["
    CREATE TABLE orders (
        id          uuid PRIMARY KEY,
        customer    text NOT NULL,
        email       text NOT NULL,
        items       jsonb NOT NULL,
        total_cents bigint NOT NULL,
        created_ms  bigint NOT NULL
    );
    CREATE TABLE totals (
        one           boolean PRIMARY KEY DEFAULT true CHECK (one),
        orders        bigint NOT NULL,
        revenue_cents bigint NOT NULL
    );
    INSERT INTO totals (orders, revenue_cents) VALUES (0, 0);
    CREATE TABLE outbox (
        work smallint NOT NULL,
        id   uuid NOT NULL REFERENCES orders (id),
        PRIMARY KEY (work, id)
    );
"];

/// One statement, and so one transaction in one round trip: what is new, the work it makes, what is struck off, and the totals.
pub(super) const WRITE: &str = "
    WITH stored AS (
        INSERT INTO orders (id, customer, email, items, total_cents, created_ms)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING
        RETURNING id, total_cents
    ), work AS (
        INSERT INTO outbox (work, id) SELECT work, id FROM stored, unnest($7) AS work
    ), struck_off AS (
        DELETE FROM outbox USING unnest($8, $9) AS done (work, id)
        WHERE outbox.work = done.work AND outbox.id = done.id
    )
    UPDATE totals SET
        orders = orders + (SELECT count(*) FROM stored),
        revenue_cents = revenue_cents + (SELECT coalesce(sum(total_cents), 0)::bigint FROM stored)";

pub(super) const FIND: &str = "
    SELECT id, customer, email, items, total_cents, created_ms FROM orders WHERE id = $1";

pub(super) const TOTALS: &str = "
    SELECT orders, revenue_cents,
        (SELECT count(*) FROM outbox WHERE work = 0),
        (SELECT count(*) FROM outbox WHERE work = 1),
        (SELECT count(*) FROM outbox WHERE work = 2)
    FROM totals";

pub(super) const PENDING: &str = "
    SELECT id, customer, email, items, total_cents, created_ms
    FROM outbox JOIN orders USING (id)
    WHERE work = $1 AND id > $2 ORDER BY id LIMIT $3";

pub(super) const IS_PENDING: &str = "
    SELECT EXISTS (SELECT FROM outbox WHERE work IN (0, 1, 2) AND id = $1)";

/// Others that begin at the same moment wait behind this number, which nobody else in the database may use.
const BEGIN: &str = "
    BEGIN;
    SELECT pg_advisory_xact_lock(7200418);
    CREATE TABLE IF NOT EXISTS schema_version (version bigint NOT NULL)";

/// Brings the database to the present version.
pub(super) async fn migrate(client: &Client) -> Result<(), Error> {
    let table = client.query_one_scalar("SELECT to_regclass('schema_version') IS NOT NULL", &[]);
    if table.await? && version(client).await? == VERSIONS.len() {
        return Ok(());
    }
    client.batch_execute(BEGIN).await?;
    let from = version(client).await?;
    for statements in VERSIONS.iter().skip(from) {
        client.batch_execute(statements).await?;
    }
    let end = format!(
        "DELETE FROM schema_version; INSERT INTO schema_version VALUES ({}); COMMIT",
        VERSIONS.len().max(from)
    );
    client.batch_execute(&end).await
}

async fn version(client: &Client) -> Result<usize, Error> {
    let version = "SELECT coalesce(max(version), 0) FROM schema_version";
    let version: i64 = client.query_one_scalar(version, &[]).await?;
    Ok(version as usize)
}
