//! One file for each library.

pub mod actix;
pub mod hydra;
pub mod kameo;
pub mod kameo_macro;
pub mod noex;
pub mod ractor;
pub mod ractor_macro;
pub mod rsactor;
pub mod spawned;
pub mod speare;
pub mod tokio_actors;
pub mod xtra;
