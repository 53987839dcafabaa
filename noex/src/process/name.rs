//! Names under which processes are registered.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// A name in the registry of a [`System`](crate::System). Cheap to clone; one of at most 22 bytes is not even allocated.
///
/// ```
/// use noex::Name;
///
/// assert_eq!(&*Name::from("visits"), "visits");
/// ```
#[derive(Clone)]
pub struct Name(Text);

/// Short ones lie where they are compared, so that a look-up need not follow them.
#[derive(Clone)]
enum Text {
    Short { len: u8, bytes: [u8; SHORT] },
    Long(Arc<str>),
}

/// As much as fits beside the length without making the whole larger.
const SHORT: usize = 22;

impl Name {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Text::Short { len, bytes } => &bytes[..usize::from(*len)],
            Text::Long(text) => text.as_bytes(),
        }
    }
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Text::Short { .. } => {
                std::str::from_utf8(self.as_bytes()).expect("it was copied from a whole text")
            }
            Text::Long(text) => text,
        }
    }
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        let mut bytes = [0; SHORT];
        Name(match bytes.get_mut(..name.len()) {
            Some(place) => {
                place.copy_from_slice(name.as_bytes());
                let len = name.len() as u8;
                Text::Short { len, bytes }
            }
            None => Text::Long(name.into()),
        })
    }
}

impl From<String> for Name {
    fn from(name: String) -> Self {
        Name::from(&*name)
    }
}

/// As the parameters of a tree come, which are lent.
impl From<&&str> for Name {
    fn from(name: &&str) -> Self {
        Name::from(*name)
    }
}

impl From<&String> for Name {
    fn from(name: &String) -> Self {
        Name::from(name.as_str())
    }
}

impl From<Arc<str>> for Name {
    fn from(name: Arc<str>) -> Self {
        if name.len() <= SHORT {
            return Name::from(&*name);
        }
        Name(Text::Long(name))
    }
}

impl From<&Name> for Name {
    fn from(name: &Name) -> Self {
        name.clone()
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        self
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        self
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Name {}

/// As that of `str`.
impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        str::hash(self, state);
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
