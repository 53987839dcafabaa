//! What the macros read: tokens in, plain values and diagnostics out.

pub(crate) mod duration;
pub(crate) mod options;
