//! What kind of place a program runs in.

use super::variable::Variable;
use std::fmt;
use std::str::FromStr;

/// What kind of place a program runs in: some defaults depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Where it is written.
    #[default]
    Development,
    /// Where it is tried.
    Staging,
    /// Where it is used.
    Production,
}

const ALLOWED: &str = "development, staging or production";

impl Profile {
    /// `NOEX_ENV`.
    pub const VARIABLE: Variable<Profile> = Variable::new("NOEX_ENV", "development", ALLOWED)
        .about("What kind of place this is; else `NODE_ENV`");

    pub(super) const NODE: Variable<Profile> = Variable::new("NODE_ENV", "development", ALLOWED);
}

/// What a text has to be to name a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownProfile;

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(text: &str) -> Result<Self, UnknownProfile> {
        match text {
            "development" => Ok(Profile::Development),
            "staging" => Ok(Profile::Staging),
            "production" => Ok(Profile::Production),
            _ => Err(UnknownProfile),
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Profile::Development => "development",
            Profile::Staging => "staging",
            Profile::Production => "production",
        })
    }
}

impl fmt::Display for UnknownProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it must be {ALLOWED}")
    }
}

impl std::error::Error for UnknownProfile {}
