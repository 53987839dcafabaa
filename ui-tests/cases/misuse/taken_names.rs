//! Names that the macro gives to others.
#![allow(unused)]
use noex::prelude::*;

struct S;

struct SRef;

enum SContinue {}

#[gen_server]
impl S {
    #[call]
    fn get(&self) -> u8 {
        1
    }
    #[continuation]
    fn step(&mut self) {}
}

struct Chosen;

enum Told {}

trait Api {}

#[gen_server(message = Told, api = Api)]
impl Chosen {
    #[call]
    pub fn get(&self) -> u8 {
        1
    }
}

struct Own;

#[gen_server(api = OwnRef)]
impl Own {
    #[call]
    pub fn get(&self) -> u8 {
        1
    }
}

/// Names of other modules are free.
mod elsewhere {
    use noex::prelude::*;

    pub(crate) struct Api;

    #[cfg(any())]
    struct ApiRef;

    #[gen_server]
    impl Api {
        #[call]
        pub(crate) fn get(&self) -> u8 {
            1
        }
    }
}

async fn uses(r: elsewhere::ApiRef) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let _: u8 = S.start().await?.get().await? + Chosen.start().await?.get().await?;
    let _: u8 = Own.start().await?.get().await? + r.get().await?;
    Ok(())
}

fn main() {}
