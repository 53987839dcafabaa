//! A service that takes orders.
mod order;
mod store;
fn main() {}
