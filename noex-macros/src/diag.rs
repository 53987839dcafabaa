//! Collects every mistake of one macro call, so that all are reported at once.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// One message: what is wrong, and what to do about it.
pub(crate) struct Text {
    what: String,
    help: Option<String>,
}

impl Text {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            help: None,
        }
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean", or the list of what is known when nothing is near `word`.
    pub(crate) fn suggest(self, word: &str, known: &[&str]) -> Self {
        match did_you_mean(word, known) {
            Some(near) => self.help(format!("did you mean `{near}`?")),
            None if known.is_empty() => self,
            None => self.one_of(known),
        }
    }

    /// Lists what is known.
    pub(crate) fn one_of(self, known: &[&str]) -> Self {
        match known {
            [only] => self.help(format!("the only one is `{only}`")),
            _ => self.help(format!("it is one of {}", list(known))),
        }
    }
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        match text.help {
            // rustc indents the lines of a message, so this reads like a help of its own.
            Some(help) => format!("{}\n\nhelp: {help}", text.what),
            None => text.what,
        }
    }
}

/// The mistakes found so far. Panics when dropped without having been printed.
#[must_use]
#[derive(Default)]
pub(crate) struct Diag {
    errors: Vec<syn::Error>,
    read: bool,
}

impl Diag {
    /// Reports `text` at the tokens `at`.
    pub(crate) fn report(&mut self, at: impl ToTokens, text: Text) {
        self.errors
            .push(syn::Error::new_spanned(at, String::from(text)));
    }

    /// Reports `text` at a span, where no tokens are at hand.
    pub(crate) fn report_at(&mut self, at: Span, text: Text) {
        self.errors.push(syn::Error::new(at, String::from(text)));
    }

    /// Takes over what a parser of syn had to say.
    pub(crate) fn syntax(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// How many mistakes there are; comparing two counts tells whether a part is sound.
    pub(crate) fn count(&self) -> usize {
        self.errors.len()
    }

    /// The mistakes as items or statements, to stand beside what else is emitted.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        self.read = true;
        self.errors
            .iter()
            .map(syn::Error::to_compile_error)
            .collect()
    }
}

impl Drop for Diag {
    fn drop(&mut self) {
        assert!(
            self.read || std::thread::panicking(),
            "the mistakes of a macro call were never printed"
        );
    }
}

/// What others call it, and what noex does.
const SYNONYMS: [(&str, &str); 23] = [
    ("always", "permanent"),
    ("bounded", "mailbox"),
    ("buffer", "mailbox"),
    ("capacity", "mailbox"),
    ("count", "size"),
    ("forever", "infinity"),
    ("infinite", "infinity"),
    ("kill", "brutal_kill"),
    ("least_loaded", "least_busy"),
    ("limit", "max"),
    ("max_children", "max"),
    ("never", "temporary"),
    ("on_error", "transient"),
    ("on_failure", "transient"),
    ("queue", "mailbox"),
    ("random", "round_robin"),
    ("simple_one_for_one", "one_for_one"),
    ("size", "mailbox"),
    ("start_paused", "paused"),
    ("threads", "workers"),
    ("timeout", "call_timeout"),
    ("worker_threads", "workers"),
    ("workers", "size"),
];

/// The known word nearest to `word`: the same in another spelling, another word for it, or one within a third of its length.
pub(crate) fn did_you_mean<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let plain = |word: &str| word.replace('_', "").to_lowercase();
    let same = |known: &&&str| plain(known) == plain(word);
    let synonym = |known: &&&str| SYNONYMS.contains(&(word, known));
    if let Some(found) = known.iter().find(same).or(known.iter().find(synonym)) {
        return Some(found);
    }
    known
        .iter()
        .map(|known| (distance(word, known), *known))
        .filter(|(distance, known)| *distance <= (known.len() / 3).max(1))
        .min()
        .map(|(_, known)| known)
}

/// `` `a`, `b`, `c` ``
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

/// Edits between two words; exchanging two neighbours counts as one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in table.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in table[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let replace = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let edit = (table[i - 1][j] + 1).min(table[i][j - 1] + 1).min(replace);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            table[i][j] = if swapped {
                edit.min(table[i - 2][j - 2] + 1)
            } else {
                edit
            };
        }
    }
    table[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_suggested_and_far_ones_are_not() {
        let known = ["mailbox", "timeout", "raw"];
        assert_eq!(did_you_mean("mailbx", &known), Some("mailbox"));
        assert_eq!(did_you_mean("timeuot", &known), Some("timeout"));
        assert_eq!(did_you_mean("rwa", &known), Some("raw"));
        assert_eq!(did_you_mean("strategy", &known), None);
        assert_eq!(did_you_mean("MailBox", &known), Some("mailbox"));
        assert_eq!(
            did_you_mean("never", &["permanent", "temporary"]),
            Some("temporary")
        );
    }

    #[test]
    fn all_mistakes_come_out_in_order() {
        let mut d = Diag::default();
        d.report_at(Span::call_site(), Text::new("first").help("do this"));
        d.report_at(Span::call_site(), Text::new("second"));
        assert_eq!(d.count(), 2);
        let out = d.into_tokens().to_string();
        assert!(out.contains("first\\n\\nhelp: do this"), "{out}");
        assert!(out.find("first") < out.find("second"), "{out}");
    }

    #[test]
    #[should_panic(expected = "never printed")]
    fn unread_mistakes_are_a_bug() {
        drop(Diag::default());
    }
}
