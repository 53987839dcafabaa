//! Names that generated code must not stumble over.

#![no_implicit_prelude]
#![allow(
    missing_docs,
    missing_copy_implementations,
    missing_debug_implementations,
    nonstandard_style,
    clippy::wildcard_imports,
    clippy::missing_const_for_fn,
    clippy::needless_pass_by_ref_mut,
    reason = "the names matter here, nothing else"
)]

/// Shadows of everything that generated code could mean.
pub mod shadows {
    pub struct Box;
    pub struct Duration;
    pub struct None;
    pub struct Option;
    pub struct PhantomData;
    pub struct Result;
    pub struct String;
    pub struct Vec;
    pub fn Err() {}
    pub fn Ok() {}
    pub fn Some() {}
    pub trait Clone {}
    pub trait Deref {}
    pub trait From {}
    pub trait Future {}
    pub trait Into {}
    pub trait Send {}
    pub trait Sync {}
}

use shadows::*;

pub struct Hostile;

#[::noex::gen_server(log_calls)]
impl Hostile {
    #[init]
    pub fn new(name: u64, seat: u64, start: u64, init: u64, _unused: u64) -> Self {
        let _ = (name, seat, start, init);
        Self
    }
    #[call(timeout = 1s)]
    pub fn a(&self, self_: u64, msg: u64, cx: u64, reply: u64, timeout: u64, _a: u64) -> u64 {
        self_ + msg + cx + reply + timeout
    }
    #[call]
    pub fn b(&self, state: u64, r#type: u64, message: u64, value: u64, it: u64) -> u64 {
        state + r#type + message + value + it
    }
    #[cast]
    pub fn c(&mut self, f: u64, k: u64, context: &mut ::noex::Ctx<Self>, noex: u64) {
        let _ = (f, k, noex, context.pid());
    }
    #[call]
    pub fn r#move(&self, option: Option) -> Option {
        option
    }
    #[call]
    pub fn handle(&self) {}
    #[call]
    pub fn clone(&self) {}
    #[call]
    pub fn self_(&self) {}
    #[cast]
    pub fn terminate(&mut self) {}
    #[continuation]
    fn step(&mut self, step: u64) {
        let _ = step;
    }
    #[info]
    fn info(&mut self, message: u64) {
        let _ = message;
    }
}
