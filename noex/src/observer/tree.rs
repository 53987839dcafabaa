//! Who is below whom.

use super::stats::{ServerStats, SupervisorStats};
use crate::json::json_object;
use crate::process::{Pid, ProcessArc};
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

/// A process and those below it.
///
/// Shown, it is a drawing of lines such as `├─ cache  running, 0 queued, 17 handled`.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct TreeNode {
    /// Its identity.
    pub id: Pid,
    /// The name it is registered under, else its id as a child, else the name of its spec or the type of its server.
    pub name: String,
    /// What it is and does.
    pub stats: NodeStats,
    /// The children of a supervisor, in start order.
    pub children: Vec<TreeNode>,
}

/// What a node of the tree is and does.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NodeStats {
    /// No supervisor.
    Server(ServerStats),
    /// A supervisor.
    Supervisor(SupervisorStats),
}

/// What the supervisors know of their children.
#[derive(Default)]
struct Known {
    /// The id of a child, and its rank among its siblings.
    ids: HashMap<Pid, (usize, Cow<'static, str>)>,
}

pub(super) fn of(living: &[ProcessArc]) -> Vec<TreeNode> {
    let mut known = Known::default();
    for supervisor in living {
        let children = supervisor.look(|e| Some(e?.tree()?.children.clone()));
        let children = children.into_iter().flat_map(BTreeMap::into_values);
        let ranked = children.enumerate();
        known
            .ids
            .extend(ranked.map(|(rank, (pid, id))| (pid, (rank, id))));
    }
    let mut below: HashMap<Option<Pid>, Vec<TreeNode>> = HashMap::new();
    let alive: HashSet<Pid> = living.iter().map(ProcessArc::pid).collect();
    for process in living {
        let node = known.node(process);
        // Who outlives its supervisor for a moment stands for itself.
        let parent = process.parent().filter(|parent| alive.contains(parent));
        below.entry(parent).or_default().push(node);
    }
    let mut roots = below.remove(&None).unwrap_or_default();
    for root in &mut roots {
        known.fill(root, &mut below);
    }
    roots
}

impl Known {
    fn node(&self, process: &ProcessArc) -> TreeNode {
        let stats = match SupervisorStats::of(process) {
            Some(stats) => NodeStats::Supervisor(stats),
            None => NodeStats::Server(ServerStats::of(process)),
        };
        let id = process.pid();
        let registered = process.name().map(|name| name.to_string());
        let as_child = || self.ids.get(&id).map(|(_, id)| id.to_string());
        let name = registered
            .or_else(as_child)
            .unwrap_or_else(|| match &stats {
                NodeStats::Supervisor(stats) => stats.name.to_string(),
                NodeStats::Server(stats) => stats.server.to_owned(),
            });
        TreeNode {
            id,
            name,
            stats,
            children: Vec::new(),
        }
    }

    fn fill(&self, node: &mut TreeNode, below: &mut HashMap<Option<Pid>, Vec<TreeNode>>) {
        let mut children = below.remove(&Some(node.id)).unwrap_or_default();
        children.sort_by_key(|child| {
            self.ids
                .get(&child.id)
                .map_or(usize::MAX, |(rank, _)| *rank)
        });
        for child in &mut children {
            self.fill(child, below);
        }
        node.children = children;
    }
}

impl TreeNode {
    fn draw(&self, f: &mut fmt::Formatter<'_>, first: &str, rest: &str) -> fmt::Result {
        writeln!(f, "{first}{}  {}", self.name, self.stats)?;
        for (index, child) in self.children.iter().enumerate() {
            let (branch, line) = match index + 1 == self.children.len() {
                true => ("└─ ", "   "),
                false => ("├─ ", "│  "),
            };
            child.draw(f, &format!("{rest}{branch}"), &format!("{rest}{line}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for TreeNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.draw(f, "", "")
    }
}

impl fmt::Display for NodeStats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NodeStats::Server(s) => write!(
                f,
                "{} {}, {} queued, {} handled",
                s.id, s.status, s.queue_size, s.message_count
            ),
            NodeStats::Supervisor(s) => write!(
                f,
                "{} {}, {} children, {} restarts",
                s.id, s.strategy, s.child_count, s.total_restarts
            ),
        }
    }
}

impl NodeStats {
    /// `genserver` or `supervisor`, as the guide calls them.
    pub fn kind(&self) -> &'static str {
        match self {
            NodeStats::Server(_) => "genserver",
            NodeStats::Supervisor(_) => "supervisor",
        }
    }
}

impl Serialize for NodeStats {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            NodeStats::Server(stats) => stats.serialize(serializer),
            NodeStats::Supervisor(stats) => stats.serialize(serializer),
        }
    }
}

json_object!(TreeNode, node => {
    "type": node.stats.kind(),
    "id": node.id,
    "name": node.name,
    "stats": node.stats,
    "children": node.children,
});
