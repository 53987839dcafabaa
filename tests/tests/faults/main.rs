//! Panics of user code wherever it can run: none leaves its process, none hides another's end, none ends the program.

#[path = "../supervision/events.rs"]
mod events;
mod init;
mod matrix;
mod mined;
mod reports;
mod supervised;
mod wakers;
