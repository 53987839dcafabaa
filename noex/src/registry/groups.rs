//! Groups of processes.

use super::entry::Entry;
use super::keyed::KeyRegistry;
use super::listen::RegistryEvent;
use super::mode::Duplicate;
use crate::error::RegisterError;
use crate::process::Pid;
use crate::server::{GenServer, Process, Recipient};
use std::borrow::Borrow;
use std::collections::HashSet;
use std::fmt;
use std::hash::Hash;

/// Named groups of processes. Anyone may add a process to a group and take it out; its end takes it out of all, before anyone is told.
///
/// A process that joins twice is a member twice, until it leaves twice. The value is cheap to clone.
///
/// ```
/// use noex::Groups;
/// use noex::prelude::*;
///
/// struct Player;
///
/// #[gen_server]
/// impl Player {
///     #[cast]
///     fn hear(&mut self, news: &'static str) { println!("{news}"); }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let teams = Groups::<String>::new();
/// let player = Player.start().await?;
/// teams.join("red".into(), &player)?;
/// for member in teams.members("red") {
///     if let Some(player) = member.process::<Player>() {
///         player.hear("we play at noon")?;
///     }
/// }
/// player.stop().await?;
/// assert!(teams.members("red").is_empty());
/// # Ok(())
/// # }
/// ```
pub struct Groups<G>(KeyRegistry<G, (), Duplicate>);

impl<G> Groups<G> {
    /// No groups yet: a group is there while it has members.
    pub fn new() -> Self {
        Groups(KeyRegistry::duplicate())
    }
}

impl<G> Groups<G>
where
    G: Eq + Hash + Clone + Send + Sync + 'static,
{
    /// Adds the process that is meant now to a group.
    ///
    /// # Errors
    ///
    /// [`RegisterError::NotRunning`] when that is gone.
    pub fn join<S: GenServer>(&self, group: G, member: &Process<S>) -> Result<(), RegisterError> {
        let member = member.arc().ok_or(RegisterError::NotRunning)?;
        self.0.table.insert(&member, group, ())
    }

    /// Takes the process that is meant now out of a group, once. False if it was not a member.
    pub fn leave<S, Q>(&self, group: &Q, member: &Process<S>) -> bool
    where
        S: GenServer,
        G: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        let member = member.arc();
        member.is_some_and(|member| self.0.table.remove(member.serial(), group, 1) > 0)
    }

    /// The members of a group, in the order in which they joined.
    pub fn members<Q>(&self, group: &Q) -> Vec<Entry<G, ()>>
    where
        G: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        self.0.lookup(group)
    }

    /// The groups that have members, in the order of their oldest.
    pub fn groups(&self) -> Vec<G> {
        let mut seen = HashSet::new();
        let all = self.0.select(|member| Some(member.key().clone()));
        all.into_iter()
            .filter(|group| seen.insert(group.clone()))
            .collect()
    }

    /// The groups of a process; one twice if it joined twice.
    pub fn groups_of(&self, member: Pid) -> Vec<G> {
        self.0.keys(member)
    }

    /// Tells a server who joins and who leaves; see [`KeyRegistry::listen`].
    pub fn listen(&self, listener: Recipient<RegistryEvent<G, ()>>) {
        self.0.listen(listener);
    }
}

impl<G> Default for Groups<G>
where
    G: Eq + Hash + Clone + Send + Sync + 'static,
{
    fn default() -> Self {
        Self::new()
    }
}

impl<G> Clone for Groups<G> {
    fn clone(&self) -> Self {
        Groups(self.0.clone())
    }
}

impl<G> fmt::Debug for Groups<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups").finish_non_exhaustive()
    }
}
