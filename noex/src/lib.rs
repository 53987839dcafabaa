//! noex.
