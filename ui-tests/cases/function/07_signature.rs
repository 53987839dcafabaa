#[noex::main]
async unsafe fn main() {}

#[noex::main]
async extern "C" fn a() {}

#[noex::test]
async fn b(#[case] n: u64) {}

struct T;

impl T {
    #[noex::test]
    async fn c(&self) {}
}

#[noex::test]
#[test]
async fn d() {}

#[tokio::test]
#[noex::test]
async fn e() {}
