//! Names of processes and monitors.

use std::fmt;

/// The identity of one incarnation of a process. Never reused.
///
/// It is made of the node (0 is this program), the incarnation of that node and a serial number
/// within it, so that it can name a process of another node later.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pid {
    pub(crate) node: u32,
    pub(crate) incarnation: u32,
    pub(crate) serial: u64,
}

impl Pid {
    pub(crate) fn local(serial: u64) -> Self {
        Pid {
            node: 0,
            incarnation: 0,
            serial,
        }
    }

    /// The serial number of the process within its node.
    pub fn serial(self) -> u64 {
        self.serial
    }
}

impl fmt::Display for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}.{}.{}>", self.node, self.incarnation, self.serial)
    }
}

impl fmt::Debug for Pid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pid({self})")
    }
}

/// One monitor, made by [`Ctx::monitor`](crate::Ctx::monitor).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MonitorRef(pub(crate) u64);
