use noex::prelude::*;

#[gen_server(mailbox = 5)]
pub struct S<'a> {
    name: &'a str,
}

#[gen_server]
impl<'a> S<'a> {
    #[init]
    fn new() -> Self {
        S { name: "" }
    }
    #[call]
    fn name(&self) -> String {
        self.name.into()
    }
}

fn main() {}
