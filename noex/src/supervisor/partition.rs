//! Workers that share the work by a key.

use super::ChildSpec;
use super::handle::{ChildError, TreeHandle};
use super::pool::{PoolSpec, refs};
use super::request::Request;
use crate::error::CallError;
use crate::process::{Slot, Target};
use crate::server::{Child, Start};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::Deref;

/// A partition supervisor: workers that share the work by a key, and the handle to them. What `#[pool(route = by_key)]` declares in a
/// `supervisor!`.
///
/// The same key always meets the same worker, also while that is being restarted.
///
/// ```
/// use noex::prelude::*;
/// use noex::supervisor::{Partitions, PoolSpec};
///
/// struct Account(i64);
///
/// #[gen_server]
/// impl Account {
///     #[call]
///     fn add(&mut self, n: i64) -> i64 { self.0 += n; self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let spec = PoolSpec::new("accounts", 8, |_partition| Account(0).start());
/// let accounts = Partitions::start(spec).await?;
/// accounts.get("ann").add(1).await?;
/// assert_eq!(accounts.get("ann").add(1).await?, 2);
/// accounts.stop().await?;
/// # Ok(())
/// # }
/// ```
pub struct Partitions<C> {
    supervisor: TreeHandle,
    workers: PhantomData<fn() -> C>,
}

impl<C: 'static> Child for Partitions<C> {
    type Ref = Partitions<C>;
}

impl<C: Child> Partitions<C> {
    /// Starts the partitions.
    pub fn start(spec: PoolSpec<C>) -> Start<Partitions<C>> {
        spec.launch()
    }

    /// The partitions as a child of a supervisor.
    pub fn child_spec(spec: PoolSpec<C>) -> ChildSpec {
        spec.child::<Self>()
    }

    /// The worker for this key: by its absolute value modulo the number of partitions for an integer, also one inside a newtype,
    /// by a hash for any other. The ref stays with that worker and follows its restarts; after a [`resize`](Self::resize) get another.
    pub fn get<K: Hash + ?Sized>(&self, key: &K) -> C::Ref {
        let slot = self.supervisor.slot();
        let open = slot.open();
        let place = partition_of(key, open.len()).and_then(|at| open.get(at));
        C::Ref::from(Target::from(place.cloned().unwrap_or_else(Slot::root)))
    }

    /// A ref to each partition in use, which follows its restarts.
    pub fn all(&self) -> Vec<C::Ref> {
        refs(&self.supervisor.slot())
    }

    /// Sets how many partitions are in use, from 1 to as many as there were at first. Those that are not needed are stopped; they are started
    /// again when they are. Keys are distributed anew, so most of them meet another worker than before.
    ///
    /// # Errors
    ///
    /// [`ChildError::OutOfRange`], [`ChildError::Resizing`]; [`ChildError::Failed`] or another one when a partition could not
    /// be started or stopped, and then only those before it are in use; or the call failed.
    pub async fn resize(&self, partitions: usize) -> Result<(), CallError<ChildError>> {
        let resize = |reply| Request::Resize(partitions, reply);
        self.supervisor.ask(resize).await
    }
}

impl<C> From<Target> for Partitions<C> {
    fn from(target: Target) -> Self {
        Partitions {
            supervisor: TreeHandle::from(target),
            workers: PhantomData,
        }
    }
}

impl<C> Deref for Partitions<C> {
    type Target = TreeHandle;

    fn deref(&self) -> &TreeHandle {
        &self.supervisor
    }
}

impl<C> Clone for Partitions<C> {
    fn clone(&self) -> Self {
        Partitions::from(Target(self.supervisor.address()))
    }
}

impl<C> fmt::Debug for Partitions<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Partitions").field(&self.supervisor).finish()
    }
}

fn partition_of<K: Hash + ?Sized>(key: &K, partitions: usize) -> Option<usize> {
    let mut hasher = KeyHasher::default();
    key.hash(&mut hasher);
    hasher
        .value()
        .checked_rem(partitions as u128)
        .map(|at| at as usize)
}

/// Keeps a single integer as it is. Else FNV-1a, because the hash of a key must not differ between runs.
struct KeyHasher {
    integer: Option<u128>,
    hash: u64,
    empty: bool,
}

impl Default for KeyHasher {
    fn default() -> Self {
        KeyHasher {
            integer: None,
            hash: 0xcbf2_9ce4_8422_2325,
            empty: true,
        }
    }
}

impl KeyHasher {
    fn value(&self) -> u128 {
        self.integer.unwrap_or_else(|| self.finish().into())
    }

    fn integer(&mut self, value: u128) {
        let first = self.empty;
        self.write(&value.to_le_bytes());
        self.integer = first.then_some(value);
    }
}

macro_rules! integers {
    ($($write:ident($type:ty) $(, $absolute:ident)?;)*) => { $(
        fn $write(&mut self, value: $type) {
            self.integer(value$(.$absolute())? as u128);
        }
    )* };
}

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        (self.empty, self.integer) = (false, None);
        for byte in bytes {
            self.hash = (self.hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    integers! {
        write_u8(u8);
        write_u16(u16);
        write_u32(u32);
        write_u64(u64);
        write_u128(u128);
        write_usize(usize);
        write_i8(i8), unsigned_abs;
        write_i16(i16), unsigned_abs;
        write_i32(i32), unsigned_abs;
        write_i64(i64), unsigned_abs;
        write_i128(i128), unsigned_abs;
        write_isize(isize), unsigned_abs;
    }

    fn finish(&self) -> u64 {
        // FNV leaves the high bits of short keys alike; a modulus wants all of them mixed.
        let hash = (self.hash ^ (self.hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        hash ^ (hash >> 33)
    }
}
