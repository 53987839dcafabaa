//! Pages for those who know something else already.

#[doc = include_str!("from_elixir.md")]
///
/// To look further: [`gen_server`](macro@crate::gen_server), [`Ctx`](crate::Ctx), [`Process`](crate::Process),
/// [`supervisor!`](crate::supervisor!), [`ExitReason`](crate::ExitReason), [`Registry`](crate::Registry),
/// [`KeyRegistry`](crate::KeyRegistry), [`Application`](crate::Application).
pub mod from_elixir {}
