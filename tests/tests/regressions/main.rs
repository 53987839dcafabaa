//! What went wrong elsewhere: in the library that this one replaces (`w..`) and in others (`r..`).

#[path = "../supervision/events.rs"]
mod events;
mod names;
mod original;
#[path = "../supervision/parts.rs"]
mod parts;
mod peers;
mod pools;
mod threads;
