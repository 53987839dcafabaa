//! Parameters of a type and of the block.
#![allow(unused)]
use noex::prelude::*;
use std::collections::BTreeMap;

struct Left<K: Ord, V, const N: usize>(BTreeMap<K, V>, [u8; N]);

#[gen_server]
impl Left {
    #[call]
    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Bare<T>(T);

#[gen_server]
impl<T: Clone + Send + 'static> Bare {
    #[call]
    fn get(&self) -> T {
        self.0.clone()
    }
}

struct Borrowing<'a>(&'a str);

#[gen_server]
impl Borrowing {
    #[call]
    fn get(&self) -> usize {
        self.0.len()
    }
}

struct Plain;

#[gen_server]
impl<T: Send + 'static> Plain {
    #[call]
    fn get(&self) -> u8 {
        1
    }
}

struct Twice<T>(T);

#[gen_server]
impl Twice<u8> {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

#[gen_server]
impl Twice<u16> {
    #[call]
    fn get(&self) -> u16 {
        self.0
    }
}

/// It has a default for each.
struct Default<T = u8>(T);

#[gen_server]
impl Default {
    #[call]
    fn get(&self) -> u8 {
        self.0
    }
}

async fn uses() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let _: u8 = Plain.start().await?.get().await? + Default(1).start().await?.get().await?;
    let _: u8 = Bare(1).start().await?.get().await?;
    let _: usize = Left(BTreeMap::from([(1, 2)]), [1]).start().await?.len().await?;
    Ok(())
}

fn main() {}
