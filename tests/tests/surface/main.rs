//! The surface as users write it: each module is a small program in the words of the documentation.
#![allow(unreachable_pub, reason = "written as for a library")]

mod chat;
mod counter;
mod guide;
mod poller;
mod pool;
mod session;
mod shop;
