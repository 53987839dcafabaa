use noex::prelude::*;

pub struct S(u64);

#[gen_server]
impl S {
    #[init]
    pub fn new(n: u64) -> Self {
        Self(n)
    }
}

pub struct F(SRef);

#[gen_server]
impl F {
    #[init]
    pub fn new(s: SRef) -> Self {
        Self(s)
    }
    #[call]
    pub fn get(&self) -> bool {
        self.0.is_alive()
    }
}

supervisor! {
    pub struct App() {
        a: F(a),
        web: {
            http: F(web),
        },
    }
}

fn main() {
    let _ = App::start();
}
