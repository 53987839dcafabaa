use noex::gen_server;

#[gen_server]
fn server() {}

#[gen_server(mailbox = 5)]
pub trait T {}

#[gen_server]
mod m {}

#[gen_server]
pub(crate) type A = i64;

fn main() {}
