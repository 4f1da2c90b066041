//! The specifications' own test suites and public vectors, read from the shared data folder where there is one.

mod cpe;
mod cvss;
mod purl;
mod shared;
mod versions;
mod versions_properties;
