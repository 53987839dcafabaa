//! Supervisors, through the public interface. Each module is an area of `ids.toml`.

mod children;
mod events;
mod group_restarts;
mod intensity;
mod limits;
mod parts;
mod restart_loops;
mod restart_races;
mod restarts;
mod shutdown;
mod significance;
mod startup;
