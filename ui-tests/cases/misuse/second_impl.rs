#![allow(unused)]
use noex::prelude::*;
struct S(u64);

#[gen_server]
impl S {
    #[init]
    fn new(n: u64) -> Self {
        S(n)
    }
    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

#[gen_server(mailbox = 16)]
impl S {
    #[cast]
    fn set(&mut self, n: u64) {
        self.0 = n;
    }
}

mod elsewhere {
    use noex::prelude::*;
    struct S;

    #[gen_server]
    impl S {
        #[call]
        fn get(&self) -> u64 {
            1
        }
    }
}

struct T;

#[gen_server]
#[gen_server(mailbox = 16)]
impl T {
    #[call]
    fn get(&self) -> u64 {
        1
    }
}

async fn uses(s: SRef, t: TRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    s.set(s.get().await? + t.get().await?)?;
    Ok(())
}

fn main() {
    let _ = S::start(1);
}
