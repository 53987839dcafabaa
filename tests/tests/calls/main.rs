//! CA: calls, from both ends.

#[path = "../gen_server/crash_reports.rs"]
mod crash_reports;

mod death;
mod detached;
mod many;
mod order;
mod time;
mod tokens;
