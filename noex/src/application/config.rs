//! Settings that come from several places.

use crate::sync::Mutex;
use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use tokio::sync::watch;

type Layer = Arc<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// Settings in layers: what was [set](Self::set) decides, else the layer added last that has the key.
///
/// It belongs to whoever it is given to; clones are the same settings.
///
/// ```
/// use noex::Config;
/// use std::collections::BTreeMap;
///
/// # fn main() -> Result<(), noex::ConfigError> {
/// let file = BTreeMap::from([("port", "8080")]);
/// let config = Config::new()
///     .layer(|key| (key == "port").then(|| "80".into()))
///     .layer(move |key| file.get(key).map(ToString::to_string))
///     .environment("SHOP_"); // SHOP_PORT
/// assert_eq!(config.get::<u16>("port")?, Some(8080));
/// config.set("port", "9090");
/// assert_eq!(config.get::<u16>("port")?, Some(9090));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Default)]
pub struct Config(Arc<Layers>);

#[derive(Default)]
struct Layers {
    /// The one that decides last.
    layers: Mutex<Vec<Layer>>,
    set: Mutex<BTreeMap<String, String>>,
    changes: watch::Sender<()>,
}

impl Config {
    /// Settings without any layer.
    pub fn new() -> Self {
        Config::default()
    }

    /// Adds a layer over those that are there: defaults first, then for instance what a file says. It is asked at each
    /// [`get`](Self::get).
    #[must_use = "it is the settings with this layer"]
    pub fn layer(self, layer: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        self.0.layers.lock().push(Arc::new(layer));
        self
    }

    /// Adds the environment as a layer: the key `max-restarts` is the variable `SHOP_MAX_RESTARTS` if the prefix is `SHOP_`.
    #[must_use = "it is the settings with this layer"]
    pub fn environment(self, prefix: impl Into<String>) -> Self {
        let prefix = prefix.into();
        self.layer(move |key| {
            let key = key.to_uppercase().replace(['-', '.'], "_");
            let value = std::env::var_os(format!("{prefix}{key}"))?;
            Some(value.to_string_lossy().into_owned())
        })
    }

    /// Decides a setting, over all layers, and tells those who [watch](Self::changes).
    pub fn set(&self, key: impl Into<String>, value: impl Into<String>) {
        self.0.set.lock().insert(key.into(), value.into());
        self.0.changes.send_replace(());
    }

    /// Lets the layers decide again, and tells those who [watch](Self::changes).
    pub fn unset(&self, key: &str) {
        self.0.set.lock().remove(key);
        self.0.changes.send_replace(());
    }

    /// The value that holds now; `None` when no layer has the key.
    ///
    /// # Errors
    ///
    /// When the value is no `T`.
    pub fn get<T: FromStr>(&self, key: &str) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.text(key) else {
            return Ok(None);
        };
        match value.parse() {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) => Err(ConfigError {
                key: key.to_owned(),
                value,
                expected: std::any::type_name::<T>(),
            }),
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        if let Some(value) = self.0.set.lock().get(key) {
            return Some(value.clone());
        }
        let layers = self.0.layers.lock().clone();
        layers.iter().rev().find_map(|layer| layer(key))
    }

    /// Tells of changes from now on.
    pub fn changes(&self) -> ConfigChanges {
        ConfigChanges {
            changes: self.0.changes.subscribe(),
            _config: self.clone(),
        }
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secret.
        f.debug_struct("Config").finish_non_exhaustive()
    }
}

/// Tells of changes of a [`Config`].
#[derive(Debug)]
pub struct ConfigChanges {
    changes: watch::Receiver<()>,
    /// Who waits for changes keeps what could change.
    _config: Config,
}

impl ConfigChanges {
    /// Ready when something was set or unset since the last time. Several changes may be told as one. Cancel safe.
    pub async fn next(&mut self) {
        // The sender is kept here.
        let _ = self.changes.changed().await;
    }
}

/// A setting that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// Which.
    pub key: String,
    /// What it is set to.
    pub value: String,
    /// What it should be.
    pub expected: &'static str,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            key,
            value,
            expected,
        } = self;
        write!(
            f,
            "the setting {key} = {value:?} cannot be used: it must be a {expected}"
        )
    }
}

impl Error for ConfigError {}
