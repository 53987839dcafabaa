//! Patterns over keys that are texts.

/// A pattern: `*` stands for any text without a `/`, `**` for any text, `?` for one character but `/`.
pub(super) struct Glob(Vec<Part>);

#[derive(Clone, Copy, PartialEq)]
enum Part {
    One(char),
    /// `?`
    Any,
    /// `*`
    Some,
    /// `**`
    All,
}

impl Glob {
    pub(super) fn new(pattern: &str) -> Self {
        let mut parts = Vec::new();
        for char in pattern.chars() {
            match (char, parts.last_mut()) {
                ('*', Some(last @ (Part::Some | Part::All))) => *last = Part::All,
                ('*', _) => parts.push(Part::Some),
                ('?', _) => parts.push(Part::Any),
                (char, _) => parts.push(Part::One(char)),
            }
        }
        Glob(parts)
    }

    /// Whether all of the text matches.
    ///
    /// Where it goes wrong, the last `*` takes one character more, and when that cannot, the last `**` does. Earlier ones need not be
    /// tried again: whatever they could take beyond, the last one can take as well.
    pub(super) fn matches(&self, text: &str) -> bool {
        let (mut part, mut at) = (0, 0);
        let (mut some, mut all) = (None, None);
        loop {
            let here = text[at..].chars().next();
            match (self.0.get(part), here) {
                (Some(Part::Some), _) => {
                    some = Some((part + 1, at));
                    part += 1;
                    continue;
                }
                (Some(Part::All), _) => {
                    (some, all) = (None, Some((part + 1, at)));
                    part += 1;
                    continue;
                }
                (Some(one), Some(char)) if one.takes(char) => {
                    (part, at) = (part + 1, at + char.len_utf8());
                    continue;
                }
                (None, None) => return true,
                _ => {}
            }
            some = some.and_then(|star| stretch(star, text, false));
            if some.is_none() {
                all = all.and_then(|star| stretch(star, text, true));
            }
            match some.or(all) {
                Some(star) => (part, at) = star,
                None => return false,
            }
        }
    }
}

impl Part {
    fn takes(self, char: char) -> bool {
        self == Part::One(char) || self == Part::Any && char != '/'
    }
}

/// Lets a star take one character more.
fn stretch((part, at): (usize, usize), text: &str, over_slash: bool) -> Option<(usize, usize)> {
    let next = text[at..].chars().next()?;
    (over_slash || next != '/').then(|| (part, at + next.len_utf8()))
}

#[test]
fn stars_stop_at_slashes_or_do_not() {
    let cases = [
        ("", "", true),
        ("", "a", false),
        ("a/b", "a/b", true),
        ("*", "", true),
        ("*", "ab", true),
        ("*", "a/b", false),
        ("**", "a/b/c", true),
        ("a/*", "a/b", true),
        ("a/*", "a/b/c", false),
        ("a/**", "a/b/c", true),
        ("a/**/d", "a/b/c/d", true),
        ("a/**/d", "a/d", false),
        ("*/*/c", "a/b/c", true),
        ("*/*/c", "a/b/b/c", false),
        ("**/b*c", "a/b/b1c", true),
        ("*b*c", "abbcbc", true),
        ("*b*c", "ab/c", false),
        ("**c", "ccd/cc", true),
        ("***", "a/b", true),
        ("?", "/", false),
        ("?", "é", true),
        ("*??", "€", false),
        ("a.c", "abc", false),
        ("[a]", "a", false),
        ("a*", "b", false),
    ];
    for (pattern, text, matches) in cases {
        let glob = Glob::new(pattern);
        assert_eq!(glob.matches(text), matches, "{pattern:?} on {text:?}");
    }
}

#[test]
fn many_stars_take_no_longer() {
    let text = "a".repeat(10_000);
    let glob = Glob::new(&("*a".repeat(50) + "b"));
    assert!(!glob.matches(&text));
}
