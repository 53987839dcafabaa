//! GS: how servers start.

mod crash_reports;
mod early;
mod init;
mod linked;
mod restarted;
