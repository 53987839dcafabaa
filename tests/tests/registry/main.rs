//! RG: names, keyed registries, groups and keyed locks.

mod actor;
mod claims;
mod groups;
mod keyed;
mod listeners;
mod locks;
mod names;
mod queries;
mod races;
mod starts;
