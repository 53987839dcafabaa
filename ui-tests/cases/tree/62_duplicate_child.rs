use noex::prelude::*;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }
    #[call]
    pub fn get(&self) -> u64 {
        self.0
    }
}

supervisor! {
    pub struct App(n: u64) {
        a: S(*n),
        a: S(2),
        b: {
            a: S(3),
        },
    }
}

fn main() {
    let _ = App::start(1);
}
