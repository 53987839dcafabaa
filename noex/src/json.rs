//! How things are written as JSON: the field names of the guide, in camelCase.

use crate::process::Pid;
use serde::{Serialize, Serializer};
use std::fmt::Display;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

impl Serialize for Pid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Something that is written as it is shown.
pub(crate) struct Shown<T>(pub(super) T);

impl<T: Display> Serialize for Shown<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A moment, as milliseconds since 1970.
pub(crate) fn epoch_millis(at: SystemTime) -> u64 {
    millis(at.duration_since(UNIX_EPOCH).unwrap_or_default())
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a struct field by field: its JSON name and what to write of `$this`.
macro_rules! json_object {
    ($type:ty, $this:ident => { $($name:literal: $value:expr),+ $(,)? }) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;
                let $this = self;
                let mut map = serializer.serialize_map(None)?;
                $(map.serialize_entry($name, &$value)?;)+
                map.end()
            }
        }
    };
}
pub(crate) use json_object;
