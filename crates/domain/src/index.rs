//! What a record is found by: package keys and alias clusters.

pub mod package_key;
pub mod alias_cluster;
