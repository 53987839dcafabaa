//! Forms and attributes that are seldom seen on handlers, and as good as any.

#![allow(
    clippy::needless_arbitrary_self_type,
    reason = "the receivers are what is looked at"
)]

use noex::prelude::*;

/// How the server answers.
pub type Answer = Reply<u64>;

/// A server of odd handlers.
#[derive(Debug, Default)]
pub struct Forms {
    n: u64,
    seen: Vec<u64>,
}

#[gen_server()]
impl Forms {
    /// A receiver in full.
    #[call()]
    #[inline]
    #[must_use]
    pub fn whole(self: &Self) -> u64 {
        self.n
    }

    /// The same, to be changed.
    #[cast]
    #[cold]
    #[track_caller]
    pub fn changed(self: &mut Self, mut n: u64) {
        n += 1;
        self.n = n;
        self.seen.push(n);
    }

    /// A name that only its own attribute allows.
    #[call]
    #[allow(non_snake_case, reason = "so it is called elsewhere")]
    pub(crate) fn GetIt(&self) -> u64
    where
        u64: Copy,
    {
        self.n
    }

    /// A reply under another name.
    #[call(deferred)]
    pub fn later(&self, answer: Answer) {
        answer.send(self.n);
    }

    /// A lint that is expected on the handler.
    #[call]
    #[expect(unused_variables, reason = "what the caller sends is of no interest")]
    pub(in crate::forms) fn ignored(&self, sent: u64) -> u64 {
        self.n
    }
}

/// What the handlers answer.
///
/// # Errors
///
/// When the server is not running.
pub async fn answers() -> Result<[u64; 4], Box<dyn std::error::Error + Send + Sync>> {
    let forms = Forms::default().start().await?;
    forms.changed(1)?;
    let (whole, named) = (forms.whole().await?, forms.GetIt().await?);
    let later = forms.later().await?;
    Ok([whole, named, later, forms.ignored(1).await?])
}
