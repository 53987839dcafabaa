#![allow(unused)]
use noex::prelude::*;
struct Other;

#[gen_server]
impl Other {}

struct S;

#[gen_server]
impl S {
    #[call]
    fn of_another(&mut self, cx: &mut Ctx<Other>) -> u8 {
        1
    }
    #[call]
    fn by_another_name(&mut self, cx: &mut Context<Self>) -> u8 {
        1
    }
}

fn main() {
    let _ = async {
        let s = S.start().await.unwrap();
        let _: (u8, u8) = (s.of_another().await.unwrap(), s.by_another_name().await.unwrap());
    };
}
