//! The program as a user runs it.

mod bed;
mod check;
mod failures;
mod main_job;
mod real_data;
