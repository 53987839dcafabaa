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
        S(1),
        _: S(2),
        type: S(3),
        r#match: S(4),
        #[child(restart = temporary)]
    }
}

fn main() {
    let _ = App::start();
}
