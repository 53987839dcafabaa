#![allow(unused)]
use noex::prelude::*;
use std::rc::Rc;

/// Nobody sees from its name that it cannot be sent.
struct Tree(Rc<u8>);

struct State(Tree);

#[gen_server]
impl State {
    #[call]
    async fn get(&mut self) -> u8 {
        *self.0.0
    }
}

struct Made;

#[gen_server]
impl Made {
    #[init]
    fn new(n: u8, tree: Tree) -> Self {
        Made
    }
}

fn main() {
    let tree = || Tree(Rc::new(1));
    let _ = async {
        let state = State(tree()).start().await.unwrap();
        let _: u8 = state.get().await.unwrap();
        Made::start(1, tree()).await.unwrap();
    };
}
