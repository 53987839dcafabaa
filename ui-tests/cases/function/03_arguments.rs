#[noex::main]
async fn main(n: u64) {}

#[noex::test]
async fn t<T>() {}
