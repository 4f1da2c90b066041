//! Queries: users and the configuration in force.

use domain::model::journal::{Configured, Event, User};
use rusqlite::Connection;

use super::Records;
use super::entry::{Recorded, recorded};
use super::error::Result;
use super::sql;

/// Whether a user has the name.
pub(super) fn exists(connection: &Connection, name: &str) -> Result<bool> {
    sql::exists(connection, r#"SELECT 1 FROM "user" WHERE name = ?1"#, [name])
}

fn pick(event: Event) -> Option<User> {
    match event {
        Event::UserAdded(user) => Some(user),
        _ => None,
    }
}

impl Records {
    /// All users, by name.
    pub fn users(&self) -> Result<Vec<Recorded<User>>> {
        let select = r#"SELECT e.body FROM "user" u JOIN entry e ON e.seq = u.entry ORDER BY u.name"#;
        recorded(&self.connection, select, [], pick)
    }

    /// The user with a name.
    pub fn user(&self, name: &str) -> Result<Option<Recorded<User>>> {
        let select = r#"SELECT e.body FROM "user" u JOIN entry e ON e.seq = u.entry WHERE u.name = ?1"#;
        Ok(recorded(&self.connection, select, [name], pick)?.pop())
    }

    /// The configuration in force.
    pub fn configuration(&self) -> Result<Option<Recorded<Configured>>> {
        let select = "SELECT body FROM entry WHERE kind = 'configured' ORDER BY seq DESC LIMIT 1";
        let found = recorded(&self.connection, select, [], |event| match event {
            Event::Configured(configured) => Some(configured),
            _ => None,
        });
        Ok(found?.pop())
    }
}
