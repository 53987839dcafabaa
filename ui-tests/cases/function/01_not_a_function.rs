#[noex::main]
struct Main;

fn main() {}
