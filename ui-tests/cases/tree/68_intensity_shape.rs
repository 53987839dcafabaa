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
    #[tree(intensity = 3)]
    pub struct App() {
        a: S(1),
        #[tree(intensity = 3s in 5)]
        b: {
            c: S(1),
        },
        #[tree(intensity = 3 in 5)]
        d: {
            e: S(1),
        },
        #[tree(intensity = 3 in 5secs)]
        f: {
            g: S(1),
        },
    }
}

fn main() {
    let _ = App::start();
}
