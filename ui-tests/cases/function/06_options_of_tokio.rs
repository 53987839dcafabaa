#[noex::main(worker_threads = 4)]
async fn main() {}

#[noex::main(4)]
async fn a() {}

#[noex::main(current_thread)]
async fn b() {}

#[noex::main(workers = "4")]
async fn c() {}

#[noex::main(workers = 2.0; flavor = multi_thread)]
async fn d() {}

#[noex::main(workers = -1)]
async fn e() {}

#[noex::test(start_paused = true)]
async fn f() {}

#[noex::test(flavor = "multi_thread")]
async fn g() {}

#[noex::test(flavor = "multi_thread", workers = 2)]
async fn h() {}

#[noex::test(current_thread)]
async fn i() {}
