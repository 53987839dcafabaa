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

pub struct N;

supervisor! {
    pub struct App() {
        a: N(1),
        b: F(a),
        c: Missing(1),
        d: {
            e: N(),
        },
        g: S(1),
    }
}

fn main() {
    let _ = App::start();
    let _ = supervisor! { a: N("x", 2), b: S(1) };
}
