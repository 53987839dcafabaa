//! The table of findings.

use std::fmt;

/// Findings in the order of their making.
#[derive(Debug, Default)]
pub(crate) struct Report {
    findings: Vec<Finding>,
}

#[derive(Debug)]
struct Finding {
    what: String,
    good: bool,
    seen: String,
}

impl Report {
    /// Takes down what was asked, whether it holds, and what was seen.
    pub(crate) fn check(&mut self, what: impl Into<String>, good: bool, seen: impl Into<String>) {
        let finding = Finding {
            what: what.into(),
            good,
            seen: seen.into(),
        };
        eprintln!("{finding}");
        self.findings.push(finding);
    }

    pub(crate) fn all_good(&self) -> bool {
        self.findings.iter().all(|f| f.good)
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.good { "ok" } else { "FAILED" };
        write!(f, "{mark:>6}  {:<58}  {}", self.what, self.seen)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        for finding in &self.findings {
            writeln!(f, "{finding}")?;
        }
        let failed = self.findings.iter().filter(|f| !f.good).count();
        writeln!(f, "\n{} checks, {failed} failed", self.findings.len())
    }
}
