//! Proof of the core: by conformance id, against a reference model, and by visiting all states of
//! small trees.

mod backoff;
mod commands;
mod dependents;
mod dynamic;
mod explore;
mod histories;
mod intensity;
mod reference;
mod restarts;
mod scale;
mod shutdown;
mod significant;
mod sim;
mod start;
mod world;
