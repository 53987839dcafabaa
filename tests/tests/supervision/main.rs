//! Supervisors, through the public interface. Each module is an area of `ids.toml`.

mod backoff;
mod children;
mod dependents;
mod dynamic;
mod dynamic_arguments;
mod dynamic_races;
mod events;
mod group_restarts;
mod intensity;
mod limits;
mod partitions;
mod parts;
mod pools;
mod restart_loops;
mod restart_races;
mod restarts;
mod shutdown;
mod significance;
mod startup;
