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

pub fn spec(_s: SRef) -> noex::ChildSpec {
    S::child_spec(1)
}

supervisor! {
    pub struct App() {
        cache: F(db),
        db: S(1),
        legacy: Ref<S> = spec(db),
        web: {
            http: F(last),
        },
        last: S(1),
    }
}

fn main() {
    let _ = App::start();
}
