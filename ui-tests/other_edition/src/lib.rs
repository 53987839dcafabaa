//! The silence of `noex-ui-tests` in edition 2021, under another name of the crate, and beside the names of other crates.

#![deny(
    warnings,
    future_incompatible,
    missing_docs,
    nonstandard_style,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    unreachable_pub,
    unused,
    unused_qualifications,
    unused_results,
    rustdoc::all,
    clippy::all,
    clippy::pedantic,
    clippy::nursery
)]
#![forbid(unsafe_code)]
#![allow(clippy::wildcard_imports, reason = "the author's taste")]

use anyhow::Context;
use otp::prelude::*;
use tracing::*;

/// A message of a timer.
#[derive(Debug)]
pub struct Tick;

/// Sums up.
#[gen_server(crate = otp, mailbox = 16)]
#[derive(Debug)]
pub struct Sum {
    /// So far.
    sum: u64,
}

#[gen_server(crate = otp, api = SumApi, log_calls)]
impl Sum {
    /// Begins at what a text says.
    ///
    /// # Errors
    ///
    /// When it is no number.
    #[init]
    pub fn new(text: String) -> anyhow::Result<Self> {
        let sum = text.parse().context("the start is no number")?;
        Ok(Self { sum })
    }

    /// Adds what a text says.
    ///
    /// # Errors
    ///
    /// When it is no number.
    #[call]
    pub async fn add(&mut self, text: String) -> anyhow::Result<u64> {
        let more: u64 = std::future::ready(text.parse())
            .await
            .context("no number")?;
        info!(more, "adding");
        self.sum += more;
        Ok(self.sum)
    }

    /// The sum, from beside the server.
    #[call(spawn)]
    pub fn beside(&self) -> impl std::future::Future<Output = u64> + Send + use<> {
        let sum = self.sum;
        async move { sum }
    }

    /// The same number.
    #[call(spawn)]
    pub fn same(&self, n: u64) -> impl std::future::Future<Output = u64> + Send + use<> {
        async move { n }
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {
        debug!("a tick");
        self.sum += 1;
    }

    /// Forgets all.
    #[cast]
    pub fn clear(&mut self) {
        self.sum = 0;
    }
}

otp::supervisor! {
    /// Two sums.
    #[tree(strategy = one_for_all)]
    pub struct Sums(start: u64) {
        /// The first.
        first: Sum(start.to_string()),
        second: Sum("2".to_owned()),
    }
}

/// Servers in a module that a macro makes for each of some types.
macro_rules! cells {
    ($($module:ident: $ty:ty),*) => { $(
        /// One cell.
        pub mod $module {
            use otp::prelude::*;

            /// Holds a value.
            #[derive(Debug)]
            pub struct Cell<T>(T, $ty);

            #[gen_server(crate = otp)]
            impl<T> Cell<T>
            where
                T: Clone + Send + 'static,
            {
                /// Holds these.
                #[init]
                pub fn new(value: T, other: $ty) -> Self {
                    Self(value, other)
                }

                /// Both values.
                #[call]
                pub fn both(&self) -> (T, $ty) {
                    (self.0.clone(), self.1.clone())
                }
            }
        }
    )* };
}

cells!(numbers: u64, texts: String);
