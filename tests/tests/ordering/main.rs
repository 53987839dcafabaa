//! OR: casts, plain messages and signals, and the one order in which they are handled.

mod casts;
mod diary;
mod idle;
#[path = "../termination/logs.rs"]
mod logs;
mod losses;
mod order;
mod room;
mod stopping;
mod streams;
mod turns;
