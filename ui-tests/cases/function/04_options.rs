#[noex::main(worker = 2)]
async fn main() {}

#[noex::main(workers = 0)]
async fn a() {}

#[noex::main(workers = 2, flavor = current_thread)]
async fn b() {}

#[noex::main(flavor = current_thred)]
async fn c() {}

#[noex::test(paused, workers = 2)]
async fn d() {}
