//! Trees in trees, and accessors that outlive all processes behind them.

use crate::servers::{Cell, Reader, replaced, soon};
use noex::prelude::*;
use noex::supervisor::{ChildInfo, ChildStatus, Strategy};

supervisor! {
    /// Three levels.
    #[tree(strategy = rest_for_one)]
    pub struct Deep(first: u64) {
        /// The one that all others read.
        base: Cell(*first),
        reader: Reader(base.clone()),
        #[tree(strategy = one_for_all)]
        middle: {
            cell: Cell(first + 1),
            reader: Reader(cell),
            outer: Reader(base),
            inner: {
                near: Reader(cell),
                far: Reader(base),
            },
        },
        last: Leaf(first + 2),
    }
}

supervisor! {
    pub struct Leaf(n: u64) {
        cell: Cell(*n),
    }
}

#[tokio::test]
async fn every_child_is_reached_by_name() {
    let deep = soon(Deep::start(1)).await.expect("it starts");
    assert_eq!(deep.base().get().await, Ok(1));
    assert_eq!(deep.reader().read().await, Ok(1));
    assert_eq!(deep.middle().cell().get().await, Ok(2));
    assert_eq!(deep.middle().reader().read().await, Ok(2));
    assert_eq!(deep.middle().outer().read().await, Ok(1));
    assert_eq!(deep.middle().inner().near().read().await, Ok(2));
    assert_eq!(deep.middle().inner().far().read().await, Ok(1));
    assert_eq!(deep.last().cell().get().await, Ok(3));
    let ids = |children: Vec<ChildStatus>| {
        children
            .into_iter()
            .map(|child| child.id)
            .collect::<Vec<_>>()
    };
    let children = deep.children().await.expect("it runs");
    assert_eq!(ids(children), ["base", "reader", "middle", "last"]);
    let children = deep.middle().children().await.expect("it runs");
    assert_eq!(ids(children), ["cell", "reader", "outer", "inner"]);
    let (far, cell) = (deep.middle().inner().far(), deep.last().cell());
    soon(deep.stop()).await.expect("it stops");
    assert!(!far.is_alive() && !cell.is_alive() && !deep.is_alive());
}

#[tokio::test]
async fn accessors_follow_the_restart_of_a_child() {
    let deep = soon(Deep::start(1)).await.expect("it starts");
    let (cell, reader) = (deep.middle().cell(), deep.middle().reader());
    let (first, reads) = (cell.pid(), reader.pid());
    cell.crash().expect("it runs");
    replaced(first, || cell.pid()).await;
    // One for all: the reader has been started anew, with a ref to the same place.
    replaced(reads, || reader.pid()).await;
    assert_eq!(soon(reader.read()).await, Ok(2));
    assert_eq!(deep.middle().cell().pid(), cell.pid());
    soon(deep.stop()).await.expect("it stops");
}

#[tokio::test]
async fn accessors_follow_the_restart_of_a_supervisor() {
    let deep = soon(Deep::start(1)).await.expect("it starts");
    let middle = deep.middle();
    let far = middle.inner().far();
    let near = deep.middle().inner().near();
    let cell = deep.last().cell();
    let before = (middle.pid(), far.pid(), near.pid(), cell.pid());
    // Rest for one: everything after `base` goes, the supervisors too.
    deep.base().crash().expect("it runs");
    replaced(before.0, || middle.pid()).await;
    replaced(before.1, || far.pid()).await;
    replaced(before.2, || near.pid()).await;
    replaced(before.3, || cell.pid()).await;
    assert_eq!(soon(far.read()).await, Ok(1));
    assert_eq!(soon(near.read()).await, Ok(2));
    assert_eq!(soon(cell.get()).await, Ok(3));
    soon(deep.stop()).await.expect("it stops");
}

#[test]
fn a_tree_is_data() {
    let deep = Deep::tree();
    assert_eq!((deep.name, deep.strategy), ("Deep", Strategy::RestForOne));
    let ids: Vec<_> = deep
        .children
        .iter()
        .map(|child| (child.id, child.ty))
        .collect();
    let expected = [
        ("base", "Cell"),
        ("reader", "Reader"),
        ("middle", "tree"),
        ("last", "Leaf"),
    ];
    assert_eq!(ids, expected);
    let needs = |child: &ChildInfo| child.needs.clone();
    assert_eq!(needs(&deep.children[0]), [""; 0]);
    assert_eq!(needs(&deep.children[1]), ["base"]);
    let middle = deep.children[2].tree.as_ref().expect("it is declared here");
    assert_eq!(middle.strategy, Strategy::OneForAll);
    assert_eq!(needs(&middle.children[2]), ["base"]);
    let inner = middle.children[3]
        .tree
        .as_ref()
        .expect("it is declared here");
    assert_eq!(needs(&inner.children[0]), ["cell"]);
    assert!(deep.children[3].tree.is_none(), "it is declared elsewhere");
}
