use noex::prelude::*;

#[gen_server(mailbox = 5)]
pub struct Lonely {
    n: i64,
}

fn main() {
    println!("{}", Lonely { n: 1 }.n);
}
