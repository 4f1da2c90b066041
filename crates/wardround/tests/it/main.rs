//! The program as a user runs it.

#![expect(clippy::print_stdout, reason = "tests on real data say what they saw, and that they were skipped")]

mod bed;
mod bulletins;
mod bundle;
mod check;
mod demo;
mod double;
mod failures;
mod main_job;
mod parallel;
mod real_data;
mod reports;
mod resume;
mod scenarios;
mod schedule;
mod scores;
mod sources_register;
mod watch;
