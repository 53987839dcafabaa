#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {}

supervisor! {
    pub fn App() { a: S(S) }
}

supervisor! {
    #[strategy(one_for_all)]
    pub struct B(mut n: u8) { a: S(S) }
}

supervisor! {
    pub struct C() #[tree(strategy = one_for_all)] { a: S(S) }
}

supervisor! {
    pub struct D()
        a: S(S),
}

fn main() {
    let _ = (App::start(), B::start(1), C::start(), D::start());
}
