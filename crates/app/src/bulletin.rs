//! Bulletins of sharing centres, suppliers and researchers: kept as received, with their mark and what they mention.
//!
//! Some are entered by hand, some come with sources of the family `bulletin`. What they name is a lead for a person: it is shown
//! beside the findings and components that it may be about, and never makes a finding.
//!
//! | module | what it does |
//! |---|---|
//! | [`enter`] | a bulletin by hand, with attachments |
//! | [`list`](mod@list) | all bulletins, with what of ours they mention |
//! | [`ours`] | which findings and components a name leads to |
//! | [`show`](mod@show) | one bulletin with all its editions, each under the mark of its time |

pub mod enter;
pub mod list;
pub mod ours;
pub mod show;

pub(crate) use enter::{LARGEST, vulnerabilities};
pub use enter::{NewBulletin, add};
pub use list::{Filter, Listed, list};
pub use ours::{Inventory, Lead};
pub use show::{Edition, Shown, show};
