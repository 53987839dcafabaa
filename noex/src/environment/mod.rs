//! Settings from environment variables: typed, with defaults, with other defaults in production, and with errors that say
//! what is wrong with which variable.
//!
//! Each setting is a [`Variable`]; what reads it can also [write the table](table) of what can be set, so the two never differ.
//! [`ServiceConfig`] is what most services need.
//!
//! ```
//! use noex::environment::{Environment, Profile, Variable, table};
//!
//! const POOL: Variable<usize> = Variable::new("POOL", "4", "a number").about("Workers").under(Profile::Production, "32");
//!
//! let environment = Environment::of([("NOEX_ENV", "production")]);
//! assert_eq!(environment.read(&POOL)?, 32);
//! let environment = Environment::of([("NOEX_ENV", "production"), ("POOL", "8")]);
//! assert_eq!(environment.read(&POOL)?, 8);
//!
//! let error = Environment::of([("POOL", "many")]).read(&POOL).unwrap_err();
//! assert_eq!(error.to_string(), r#"POOL="many" cannot be used: it must be a number"#);
//!
//! println!("{}", table(&[&POOL]));
//! # Ok::<(), noex::environment::VariableError>(())
//! ```

mod profile;
mod service;
mod variable;

pub use profile::{Profile, UnknownProfile};
pub use service::{DatabaseConfig, ServiceConfig, SupervisorConfig};
pub use variable::{Described, Variable, VariableError, table};

use std::collections::HashMap;
use std::env;

/// Where variables are looked up: those of the process, or others in tests.
#[derive(Clone, Debug)]
pub struct Environment(HashMap<String, String>);

impl Environment {
    /// The variables of the process, as they are now. What is not Unicode in one counts as `�`.
    pub fn current() -> Self {
        let variables = env::vars_os().map(|(name, value)| {
            let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
            (text(name), text(value))
        });
        Environment(variables.collect())
    }

    /// These variables and no others.
    pub fn of<N: Into<String>, V: Into<String>>(
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables.into_iter();
        Environment(variables.map(|(n, v)| (n.into(), v.into())).collect())
    }

    /// What this variable is set to. Set to nothing, it is not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name).map(|value| value.trim());
        value.filter(|value| !value.is_empty())
    }

    /// What kind of place this is: `NOEX_ENV`, else `NODE_ENV`, else [`Profile::Development`].
    ///
    /// # Errors
    ///
    /// When it is none of the three.
    pub fn profile(&self) -> Result<Profile, VariableError> {
        match self.get("NODE_ENV") {
            Some(_) if self.get("NOEX_ENV").is_none() => {
                Profile::NODE.value(self.get("NODE_ENV"), None)
            }
            _ => Profile::VARIABLE.value(self.get("NOEX_ENV"), None),
        }
    }

    /// The value of a variable: as it is set, else as its profile says, else its default.
    ///
    /// # Errors
    ///
    /// When it is set to something that cannot be used, or the [profile](Self::profile) is.
    ///
    /// # Panics
    ///
    /// When the default itself cannot be used.
    pub fn read<T>(&self, variable: &Variable<T>) -> Result<T, VariableError> {
        variable.value(self.get(variable.name), Some(self.profile()?))
    }
}
