//! The one source of randomness: a seed, so that a run can be repeated.

use foldhash::fast::FixedState;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

/// The seed of this program: `NOEX_SEED` from the environment, else drawn by chance. Tests print it when they fail.
pub(crate) fn seed() -> u64 {
    static SEED: OnceLock<u64> = OnceLock::new();
    *SEED.get_or_init(|| {
        let given = std::env::var("NOEX_SEED").ok().and_then(|s| s.parse().ok());
        given.unwrap_or_else(|| RandomState::new().hash_one(0u8))
    })
}

/// A state for hash tables.
pub(crate) fn hasher() -> FixedState {
    FixedState::with_seed(seed())
}
