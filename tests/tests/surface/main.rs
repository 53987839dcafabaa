//! The surface as users write it: each module is a small program in the words of the documentation.

mod chat;
mod counter;
mod guide;
mod poller;
mod pool;
mod session;
mod shop;
