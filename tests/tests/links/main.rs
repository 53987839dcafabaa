//! LK: links, exit signals, and trapping them.

mod dying;
mod linking;
mod peer;
mod signals;
mod storms;
