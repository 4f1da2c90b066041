//! `user add`, `list`.

use anyhow::Result;
use serde_json::json;

use crate::cli::User;
use crate::context::Context;
use crate::output::{List, say};
use crate::passphrase;

/// Carries out a verb.
pub(crate) fn user(context: &Context, verb: User) -> Result<()> {
    match verb {
        User::Add { name, printed_name, roles } => {
            let mut workspace = context.write()?;
            let user = app::assess::add_user(&mut workspace, &name, &printed_name, &roles, &passphrase::new(&name)?)?;
            say(format!(
                "{} ({}): {}. The passphrase is the key: nobody can restore it.",
                user.printed_name,
                user.name,
                user.roles.join(", ")
            ))
        }
        User::List => {
            let mut list = List::new(&["user", "printed name", "roles", "since"]);
            for user in context.read()?.records.users()? {
                list.row([
                    json!(user.value.name),
                    json!(user.value.printed_name),
                    json!(user.value.roles),
                    super::source::moment(Some(user.at)),
                ]);
            }
            list.show(context.format, "No user yet: wardround user add NAME --name \"Printed Name\" --role reviewer")
        }
    }
}
