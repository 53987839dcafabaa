//! TE: how servers end, and what is gone when anyone is told.

mod kills;
mod logs;
mod parents;
mod patient;
mod reasons;
mod reports;
mod stops;
mod what_is_left;
