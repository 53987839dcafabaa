//! One thing that can be set from outside.

use super::profile::Profile;
use std::fmt::{self, Write};
use std::str::FromStr;
use std::time::Duration;

/// One thing that can be set from outside, best kept in a constant.
#[derive(Debug)]
pub struct Variable<T> {
    pub(super) name: &'static str,
    default: &'static str,
    /// What it is instead in one profile.
    under: Option<(Profile, &'static str)>,
    allowed: &'static str,
    about: &'static str,
    secret: bool,
    parse: fn(&str) -> Option<T>,
}

/// A variable that cannot be used. Shown, it says what it is and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VariableError {
    /// Its name.
    pub variable: &'static str,
    /// What it is set to; `(secret)` when nobody is to see that.
    pub value: String,
    /// What it must be.
    pub allowed: &'static str,
}

impl<T: FromStr> Variable<T> {
    /// A variable with its default, as a text, and with what is allowed: `a port, 0 to 65535`.
    pub const fn new(name: &'static str, default: &'static str, allowed: &'static str) -> Self {
        Variable::parsed(name, default, allowed, |text| text.parse().ok())
    }
}

impl Variable<Duration> {
    /// A time in milliseconds, at least 1.
    pub const fn millis(name: &'static str, default: &'static str) -> Self {
        let allowed = "a number of milliseconds, at least 1";
        Variable::parsed(name, default, allowed, |text| {
            let millis: u64 = text.parse().ok()?;
            (millis > 0).then(|| Duration::from_millis(millis))
        })
    }
}

impl<T> Variable<T> {
    /// A variable that is read in a way of its own.
    pub const fn parsed(
        name: &'static str,
        default: &'static str,
        allowed: &'static str,
        parse: fn(&str) -> Option<T>,
    ) -> Self {
        Variable {
            name,
            default,
            under: None,
            allowed,
            about: "",
            secret: false,
            parse,
        }
    }

    /// What it is for, for the [table].
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// Its default in this profile. One that is set wins all the same.
    pub const fn under(mut self, profile: Profile, default: &'static str) -> Self {
        self.under = Some((profile, default));
        self
    }

    /// Its value may have a password in it: no error shows it.
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Its name.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn value(
        &self,
        set: Option<&str>,
        profile: Option<Profile>,
    ) -> Result<T, VariableError> {
        let default = match self.under {
            Some((under, default)) if profile == Some(under) => default,
            _ => self.default,
        };
        (self.parse)(set.unwrap_or(default)).ok_or_else(|| {
            let Some(value) = set else {
                panic!("the default of {} is not {}", self.name, self.allowed);
            };
            VariableError {
                variable: self.name,
                value: if self.secret { "(secret)" } else { value }.to_owned(),
                allowed: self.allowed,
            }
        })
    }
}

/// A variable of any type, as far as a [table] shows it.
pub trait Described {
    /// Writes its row.
    #[doc(hidden)]
    fn row(&self, table: &mut String);
}

impl<T> Described for Variable<T> {
    fn row(&self, table: &mut String) {
        let shown = |default: &str| match default {
            "" => "empty".to_owned(),
            default => format!("`{default}`"),
        };
        let default = match self.under {
            Some((profile, under)) => {
                format!("{}; in {profile} {}", shown(self.default), shown(under))
            }
            None => shown(self.default),
        };
        let _ = writeln!(
            table,
            "| `{}` | {default} | {} | {} |",
            self.name, self.allowed, self.about
        );
    }
}

/// The table of what can be set, in Markdown.
pub fn table(variables: &[&dyn Described]) -> String {
    let mut table =
        String::from("| variable | default | allowed | what for |\n|---|---|---|---|\n");
    variables.iter().for_each(|v| v.row(&mut table));
    table
}

impl fmt::Display for VariableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variable,
            value,
            allowed,
        } = self;
        write!(
            f,
            "{variable}={value:?} cannot be used: it must be {allowed}"
        )
    }
}

impl std::error::Error for VariableError {}
