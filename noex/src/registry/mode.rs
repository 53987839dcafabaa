//! How many entries a key may have.

/// How many entries a key of a [`KeyRegistry`](super::KeyRegistry) may have: [`Unique`] or [`Duplicate`].
pub trait Mode: sealed::Mode + 'static {}

/// A key has one entry. Only such registries can name processes.
#[derive(Debug)]
pub enum Unique {}

/// A key has any number of entries, also several of one process.
#[derive(Debug)]
pub enum Duplicate {}

impl Mode for Unique {}
impl Mode for Duplicate {}

mod sealed {
    pub trait Mode {
        const UNIQUE: bool;
    }

    impl Mode for super::Unique {
        const UNIQUE: bool = true;
    }

    impl Mode for super::Duplicate {
        const UNIQUE: bool = false;
    }
}
