#[noex::main]
fn main() {}
