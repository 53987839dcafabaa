#![allow(unused)]
use noex::prelude::*;
struct S;

#[gen_server]
impl S {
    #[call]
    fn fallible(&self) -> Result<u8, Box<dyn std::error::Error>> {
        Ok(1)
    }
    #[cast]
    fn run(&mut self, job: Box<dyn FnOnce()>) {
        job()
    }
    #[call]
    fn shared(&self, of: *const u8) -> Vec<std::rc::Rc<u8>> {
        vec![]
    }
}

fn main() {
    let _ = async {
        let s = S.start().await.unwrap();
        let _: u8 = s.fallible().await.unwrap();
        s.run(Box::new(|| ())).unwrap();
        let _ = s.shared(std::ptr::null()).await.unwrap();
    };
}
