#![allow(unused)]
use noex::prelude::*;

#[gen_server]
impl Vec<u8> {
    #[call]
    fn first(&self) -> Option<u8> {
        self.get(0).copied()
    }
}

#[gen_server]
impl std::net::TcpListener {}

#[gen_server]
impl u64 {
    #[call]
    fn number(&self) -> u64 {
        *self
    }
}

fn main() {}
