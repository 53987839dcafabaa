//! What a server is, as read from its attributes and signatures. No output tokens here.

pub(crate) mod attributes;
pub(crate) mod call;
pub(crate) mod handler;
pub(crate) mod kind;
pub(crate) mod options;
pub(crate) mod server;
