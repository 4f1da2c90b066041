//! Configuration and users.

use domain::model::journal::{Configured, SourceEntry, User};
use domain::model::product::Product;
use rusqlite::{Connection, params};
use standards::canonical_json;

use crate::records::error::Result;
use crate::records::sql::{execute, int};

/// What a new configuration no longer names stays, with `configured` 0.
pub(super) fn configured(connection: &Connection, seq: u64, configured: &Configured) -> Result<()> {
    let insert = "INSERT INTO configuration (entry, file, organisation) VALUES (?1, ?2, ?3)";
    execute(connection, insert, params![int(seq), configured.file.0, configured.organisation])?;
    execute(connection, "UPDATE product SET configured = 0", [])?;
    configured.products.iter().try_for_each(|product| self::product(connection, product))?;
    execute(connection, "UPDATE source SET configured = 0", [])?;
    configured.sources.iter().try_for_each(|source| self::source(connection, source))
}

fn product(connection: &Connection, product: &Product) -> Result<()> {
    let insert = "INSERT INTO product (id, name, configured) VALUES (?1, ?2, 1)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, configured = 1";
    execute(connection, insert, params![product.id.0, product.name]).map(drop)
}

fn source(connection: &Connection, source: &SourceEntry) -> Result<()> {
    let insert = "INSERT INTO source (id, family, url, why, every_hours, fresh_hours, shrink_percent, configured)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1)
        ON CONFLICT (id) DO UPDATE SET family = excluded.family, url = excluded.url, why = excluded.why,
            every_hours = excluded.every_hours, fresh_hours = excluded.fresh_hours,
            shrink_percent = excluded.shrink_percent, configured = 1";
    let row = params![
        source.id.0,
        source.family.name(),
        source.url,
        source.why,
        source.every_hours,
        source.fresh_hours,
        source.shrink_percent,
    ];
    execute(connection, insert, row).map(drop)
}

pub(super) fn user_added(connection: &Connection, seq: u64, user: &User) -> Result<()> {
    let insert = r#"INSERT INTO "user"
        (name, entry, printed_name, roles, public_key, salt, argon2_memory, argon2_passes, argon2_lanes)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"#;
    let (memory, passes, lanes) = user.argon2;
    let roles = canonical_json::to_string(&user.roles)?;
    let row = params![user.name, int(seq), user.printed_name, roles, user.public_key, user.salt, memory, passes, lanes];
    execute(connection, insert, row).map(drop)
}
