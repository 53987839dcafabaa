use noex::prelude::*;

pub struct Once;

pub struct S {
    once: Once,
}

// Allowed: a tree makes the argument anew.
#[gen_server]
impl S {
    #[init]
    fn new(once: Once) -> Self {
        S { once }
    }
    #[call]
    fn good(&self) {
        let Once = self.once;
    }
}

fn main() {
    let _ = S::start(Once);
    let _ = S::child_spec(Once);
}
