#![allow(unused)]
use noex::prelude::*;
use std::sync::{Arc, Mutex};

struct S;

#[gen_server]
impl S {
    #[call]
    fn of_nobody(&mut self, cx: &mut Ctx) -> u8 {
        1
    }
    #[call]
    fn lasting(&mut self, cx: &'static mut Ctx<Self>) -> u8 {
        1
    }
    #[call]
    fn borrowed<'a>(&mut self, cx: &'a mut Ctx<Self>) -> u8 {
        1
    }
    #[cast]
    fn maybe(&mut self, cx: Option<&mut Ctx<Self>>) {}
    #[cast]
    fn kept(&mut self, cx: Arc<Mutex<Ctx<Self>>>) {}
    #[cast]
    fn useless<'a, 'b>(&mut self, n: u8) {}
}

async fn uses(s: SRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let _: u8 = s.of_nobody().await? + s.lasting().await? + s.borrowed().await?;
    Ok(())
}

fn main() {}
