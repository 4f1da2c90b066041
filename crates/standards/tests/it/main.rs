//! The specifications' own test suites and public vectors, read from the shared data folder where there is one.

mod cpe;
mod cvss;
mod native_ranges;
mod purl;
mod shared;
mod vers;
mod vers_properties;
mod versions;
mod versions_properties;
