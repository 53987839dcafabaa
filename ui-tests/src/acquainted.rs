//! Servers whose messages carry refs: their own, and each other's.

use noex::prelude::*;

/// Knows others of its kind.
#[derive(Debug, Default)]
pub struct Node {
    /// Who else there is.
    peers: Vec<NodeRef>,
    /// Where it is told of.
    directory: Option<DirectoryRef>,
}

/// What a node says of itself.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// The node.
    pub node: NodeRef,
    /// Where else to look.
    pub directory: Option<DirectoryRef>,
}

#[gen_server]
impl Node {
    /// Remembers a peer.
    #[cast]
    pub fn meet(&mut self, peer: NodeRef) {
        self.peers.push(peer);
    }

    /// Remembers a directory.
    #[cast]
    pub fn list_in(&mut self, directory: DirectoryRef) {
        self.directory = Some(directory);
    }

    /// Introduces itself.
    #[call]
    pub fn introduce(&self, cx: &mut Ctx<Self>) -> Introduction {
        Introduction {
            node: cx.myself(),
            directory: self.directory.clone(),
        }
    }

    /// Who it knows.
    #[call]
    pub fn peers(&self) -> Vec<NodeRef> {
        self.peers.clone()
    }
}

/// Knows all nodes.
#[derive(Debug, Default)]
pub struct Directory {
    /// What they said.
    nodes: Vec<Introduction>,
}

#[gen_server]
impl Directory {
    /// Takes a node in.
    #[cast]
    pub fn enter(&mut self, node: Introduction) {
        self.nodes.push(node);
    }

    /// Everyone, and where they were found.
    #[call]
    pub fn all(&self, cx: &mut Ctx<Self>) -> (DirectoryRef, Vec<Introduction>) {
        (cx.myself(), self.nodes.clone())
    }
}
