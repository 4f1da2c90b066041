//! What a record is found by: package keys and alias clusters.

pub mod alias_cluster;
pub mod package_key;
