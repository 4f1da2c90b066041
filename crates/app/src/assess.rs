//! Judging findings: a person decides, a second one approves what says "not affected".

use domain::model::assessment::{Assessment, Status};
use domain::model::finding::FindingId;
use domain::model::journal::{AssessmentApproved, Event, User};

use crate::error::{Error, Result};
use crate::people;
use crate::workspace::Workspace;

/// A person who has shown that they know their passphrase.
#[derive(Debug)]
pub struct Actor {
    /// Who.
    pub user: User,
    /// The key that the passphrase yields.
    pub key: ed25519_dalek::SigningKey,
}

/// Checks a passphrase.
pub fn authenticate(workspace: &Workspace, name: &str, passphrase: &str) -> Result<Actor> {
    let user = workspace.records.user(name)?.ok_or_else(|| {
        Error::refused(format!("act as {name}: there is no such user; add one with `wardround user add {name}`"))
    })?;
    let key = people::unlock(&user.value, passphrase)?;
    Ok(Actor { user: user.value, key })
}

/// Adds a person.
pub fn add_user(
    workspace: &mut Workspace,
    name: &str,
    printed_name: &str,
    roles: &[String],
    passphrase: &str,
) -> Result<User> {
    let user = people::new_user(name, printed_name, roles, passphrase)?;
    workspace.append(crate::PROGRAM, Event::UserAdded(user.clone()))?;
    Ok(user)
}

/// Records a judgement. `not_affected` counts only once a second person approves it.
pub fn judge(
    workspace: &mut Workspace,
    actor: &Actor,
    finding: FindingId,
    status: Status,
    rationale: &str,
) -> Result<Assessment> {
    crate::explain::finding(workspace, finding)?;
    people::require(&actor.user, "reviewer", "judge a finding")?;
    let assessment = Assessment {
        finding,
        status,
        rationale: rationale.trim().to_owned(),
        by: actor.user.name.clone(),
        at: workspace.now(),
        approval: None,
    };
    workspace.append(&actor.user.name, Event::Assessed(assessment.clone()))?;
    Ok(assessment)
}

/// Records the second person's approval of the latest judgement.
pub fn approve(workspace: &mut Workspace, actor: &Actor, finding: FindingId) -> Result<()> {
    people::require(&actor.user, "approver", "approve a judgement")?;
    let approved = AssessmentApproved { finding, by: actor.user.name.clone() };
    workspace.append(&actor.user.name, Event::AssessmentApproved(approved))?;
    Ok(())
}
