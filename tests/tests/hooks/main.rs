//! What noex promises, while threads are held up where one party hands something over to another: only in builds with
//! `--cfg noex_hooks`. `.ci/hooks` runs each scenario with the hooks that it is about, and with the bugs that it must find.
#![cfg(noex_hooks)]

mod abandonment;
mod admission;
mod deaths;
mod ends;
mod line;
mod names;
mod replies;
mod running;
mod scenario;
mod starts;
mod supervision;
mod timers;
mod watchers;
