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
        #[child(significant)]
        a: S(1),
        #[tree(auto_shutdown = any_significant)]
        b: {
            #[child(significant, restart = permanent)]
            c: S(2),
        },
        #[tree(auto_shutdown = all)]
        d: {
            e: S(3),
        },
    }
}

fn main() {
    let _ = App::start();
}
