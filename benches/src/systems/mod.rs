//! One adapter per measured library. To add one: write the file, add it here, to `ALL` and to `dispatch`.

#[cfg(feature = "peers")]
mod actix;
#[cfg(feature = "peers")]
mod hydra;
#[cfg(feature = "peers")]
mod kameo;
mod limit;
mod noex;
#[cfg(feature = "peers")]
mod ractor;
#[cfg(feature = "peers")]
mod spawned;
#[cfg(feature = "peers")]
mod xtra;

use crate::system::Unsupported;
use crate::workloads::run;

/// In-process systems, first the reference.
pub const ALL: &[&str] = &[
    "limit",
    "noex",
    #[cfg(feature = "peers")]
    "kameo",
    #[cfg(feature = "peers")]
    "ractor",
    #[cfg(feature = "peers")]
    "actix",
    #[cfg(feature = "peers")]
    "xtra",
    #[cfg(feature = "peers")]
    "spawned",
    #[cfg(feature = "peers")]
    "hydra",
];

/// Runs a workload for the named system.
pub fn dispatch(system: &str, workload: &str, scale: u64) -> Result<(), Unsupported> {
    match system {
        "limit" => run::<limit::Limit>(workload, scale),
        "noex" => run::<noex::Noex>(workload, scale),
        #[cfg(feature = "peers")]
        "kameo" => run::<kameo::Kameo>(workload, scale),
        #[cfg(feature = "peers")]
        "ractor" => run::<ractor::Ractor>(workload, scale),
        #[cfg(feature = "peers")]
        "actix" => run::<actix::Actix>(workload, scale),
        #[cfg(feature = "peers")]
        "xtra" => run::<xtra::Xtra>(workload, scale),
        #[cfg(feature = "peers")]
        "spawned" => run::<spawned::Spawned>(workload, scale),
        #[cfg(feature = "peers")]
        "hydra" => run::<hydra::Hydra>(workload, scale),
        _ => panic!("unknown system {system}; the peers need the feature `peers`"),
    }
}
