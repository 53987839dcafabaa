//! Pages that lead through noex from one side: for those who cut a program into a tree, those who know Elixir, and those whose service
//! misbehaves.

#[doc = include_str!("from_elixir.md")]
///
/// To look further: [`gen_server`](macro@crate::gen_server), [`Ctx`](crate::Ctx), [`Process`](crate::Process),
/// [`supervisor!`](crate::supervisor!), [`ExitReason`](crate::ExitReason), [`Registry`](crate::Registry),
/// [`KeyRegistry`](crate::KeyRegistry), [`Application`](crate::Application).
pub mod from_elixir {}

#[doc = include_str!("debugging.md")]
pub mod debugging {}

#[doc = include_str!("supervision_trees.md")]
pub mod supervision_trees {}
