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
    #[tree(strategy = one_for_al)]
    pub struct App(n: u64) {
        a: S(*n),
        #[tree(strategy = everyone)]
        b: {
            a: S(3),
        },
        #[tree(strategy = dependants)]
        c: {
            a: S(4),
        },
    }
}

fn main() {
    let _ = App::start(1);
    let _ = supervisor! { #![tree(strategy = one_for_on)] a: S(1) };
}
