//! What the macros read: tokens in, plain values and diagnostics out.

pub(crate) mod block;
pub(crate) mod duration;
pub(crate) mod function;
pub(crate) mod half;
pub(crate) mod half_typed;
pub(crate) mod mend;
pub(crate) mod options;
pub(crate) mod parameters;
pub(crate) mod place;
pub(crate) mod pretty;
pub(crate) mod source;
pub(crate) mod types;
pub(crate) mod unclosed;
