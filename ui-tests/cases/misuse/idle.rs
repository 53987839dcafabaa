#![allow(unused)]
use noex::prelude::*;
struct Deaf;

#[gen_server(idle = 30s)]
impl Deaf {}

fn main() {}
