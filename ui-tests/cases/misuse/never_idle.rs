#![allow(unused)]
use noex::prelude::*;
struct Busy;

#[gen_server]
impl Busy {
    #[info(idle)]
    fn quiet(&mut self) {}
}

/// Both halves are looked at.
#[gen_server(idle = 30s)]
struct Struct;

#[gen_server]
impl Struct {
    #[info(idle)]
    fn quiet(&mut self) {}
}

fn main() {}
