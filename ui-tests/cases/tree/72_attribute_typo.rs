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
    pub struct App() {
        #[chlid(shutdown = 5s)]
        a: S(1),
        #[inline]
        b: S(1),
        #[cfg(unix)]
        c: S(1),
        #[tree(strategy = one_for_all)]
        d: S(1),
        e: {
            #![child(shutdown = 5s)]
            f: S(1),
        },
    }
}

fn main() {
    let _ = App::start();
}
