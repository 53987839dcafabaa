//! What went wrong elsewhere: in the library that this one replaces (`w..`) and in others (`r..`).

mod calls;
mod ends;
#[path = "../supervision/events.rs"]
mod events;
mod links;
mod mailboxes;
mod names;
mod options;
mod original;
mod own_tests;
mod panics;
#[path = "../supervision/parts.rs"]
mod parts;
mod peers;
mod pools;
mod threads;
