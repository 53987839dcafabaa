#![allow(unused)]
use noex::prelude::*;
use std::sync::{Arc, Mutex};

struct S;

#[gen_server]
impl S {
    #[init]
    fn new() -> Result<Box<Self>, String> {
        Ok(Box::new(S))
    }
}

struct T;

#[gen_server]
impl T {
    #[init]
    fn new() -> Arc<Mutex<Self>> {
        Arc::new(Mutex::new(T))
    }
}

fn main() {
    let _ = (S::start(), T::start());
}
