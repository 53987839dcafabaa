//! A tree as data, before anything runs.

use super::Strategy;
use crate::process::Restart;

/// The shape of a tree declared with `supervisor!`.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeInfo {
    /// Its name.
    pub name: &'static str,
    /// Which children are restarted when one fails.
    pub strategy: Strategy,
    /// The children in start order.
    pub children: Vec<ChildInfo>,
}

/// One child of a declared tree.
#[derive(Clone, Debug, PartialEq)]
pub struct ChildInfo {
    /// Its id.
    pub id: &'static str,
    /// What it runs, as written.
    pub ty: &'static str,
    /// The restart type, where the tree sets one.
    pub restart: Option<Restart>,
    /// The siblings it takes as arguments.
    pub needs: Vec<&'static str>,
    /// What is inside it, if that is declared here.
    pub tree: Option<TreeInfo>,
}
