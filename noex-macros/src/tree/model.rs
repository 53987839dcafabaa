//! A tree as its author means it. No output tokens here.

use crate::syntax::duration::Length;
use proc_macro2::{Group, Ident, Span, TokenStream};
use syn::ext::IdentExt;

/// One `supervisor!`.
pub(crate) struct Tree {
    /// The path of noex itself.
    pub(crate) krate: TokenStream,
    /// The item that is declared; none in the expression form.
    pub(crate) item: Option<Item>,
    /// Where it begins.
    pub(crate) at: Span,
    pub(crate) root: Level,
}

/// What stands before the braces: `pub struct Shop(cfg: ShopConfig)`.
pub(crate) struct Item {
    /// Everything but `#[tree(..)]`, the documentation included.
    pub(crate) attributes: TokenStream,
    /// The `cfg`s among them: they go on everything that is emitted.
    pub(crate) cfgs: TokenStream,
    pub(crate) vis: TokenStream,
    pub(crate) name: Ident,
    pub(crate) parameters: Vec<Parameter>,
}

pub(crate) struct Parameter {
    pub(crate) name: Ident,
    pub(crate) ty: TokenStream,
}

/// One supervisor and its children.
pub(crate) struct Level {
    /// The type that is declared for it; none in the expression form.
    pub(crate) ty: Option<Ident>,
    pub(crate) options: TreeOptions,
    pub(crate) children: Vec<Child>,
}

/// `#[tree(..)]`
#[derive(Default)]
pub(crate) struct TreeOptions {
    pub(crate) strategy: Strategy,
    pub(crate) intensity: Option<Intensity>,
    pub(crate) auto_shutdown: AutoShutdown,
}

/// `5 in 30s`
pub(crate) struct Intensity {
    pub(crate) restarts: TokenStream,
    pub(crate) window: Length,
    /// As written, for the drawing.
    pub(crate) written: TokenStream,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Strategy {
    #[default]
    OneForOne,
    OneForAll,
    RestForOne,
    Dependents,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum AutoShutdown {
    #[default]
    Never,
    AnySignificant,
    AllSignificant,
}

pub(crate) struct Child {
    /// What goes on its accessor: documentation, `deprecated` and the like.
    pub(crate) attributes: TokenStream,
    pub(crate) name: Ident,
    pub(crate) options: ChildOptions,
    pub(crate) kind: Kind,
    /// The siblings that it takes as arguments.
    pub(crate) needs: Vec<Need>,
    /// False when a mistake in how it is started was reported already.
    pub(crate) sound: bool,
}

/// `#[child(..)]`
#[derive(Default)]
pub(crate) struct ChildOptions {
    pub(crate) restart: Option<Restart>,
    pub(crate) shutdown: Option<Shutdown>,
    /// Where it says that the child is significant.
    pub(crate) significant: Option<Span>,
    pub(crate) name: Option<TokenStream>,
    pub(crate) backoff: Option<Backoff>,
}

/// `100ms..30s`, or `1s` for both
pub(crate) struct Backoff {
    pub(crate) first: Length,
    pub(crate) longest: Option<Length>,
    /// Where it says so.
    pub(crate) at: Span,
}

/// `#[dynamic(..)]`
#[derive(Default)]
pub(crate) struct DynamicOptions {
    pub(crate) max: Option<TokenStream>,
    pub(crate) restart: Option<Restart>,
    pub(crate) intensity: Option<Intensity>,
}

/// `#[pool(..)]`
#[derive(Default)]
pub(crate) struct PoolOptions {
    pub(crate) size: TokenStream,
    pub(crate) route: Route,
    pub(crate) intensity: Option<Intensity>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Route {
    #[default]
    RoundRobin,
    LeastBusy,
    ByKey,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Restart {
    Permanent,
    Transient,
    Temporary,
}

pub(crate) enum Shutdown {
    BrutalKill,
    Infinity,
    After(Length),
}

pub(crate) enum Kind {
    /// `Server(arguments)`, also of a tree that is declared elsewhere.
    Server {
        path: TokenStream,
        /// With their parentheses.
        arguments: Group,
    },
    /// `Server(arguments)` with `#[pool(..)]`
    Pool {
        path: TokenStream,
        arguments: Group,
        options: PoolOptions,
    },
    /// `Server` with `#[dynamic(..)]`
    Dynamic {
        path: TokenStream,
        options: DynamicOptions,
    },
    /// `task(future)`
    Task { future: Group },
    /// `Ref<Server> = spec`
    Spec { ty: TokenStream, spec: TokenStream },
    /// `{ .. }`
    Tree(Level),
    /// Not even a type could be read.
    Unknown,
}

/// A sibling that a child takes, of its own supervisor or of one further up.
pub(crate) struct Need {
    /// As the argument spells it.
    pub(crate) name: Ident,
    /// How many supervisors up.
    pub(crate) up: usize,
    /// Its place among the children there.
    pub(crate) index: usize,
}

impl Tree {
    pub(crate) fn parameters(&self) -> &[Parameter] {
        self.item.as_ref().map_or(&[], |item| &item.parameters)
    }
}

impl Child {
    /// Its name without a leading `r#`.
    pub(crate) fn id(&self) -> String {
        self.name.unraw().to_string()
    }

    /// What it runs, as an error or a drawing calls it.
    pub(crate) fn runs(&self) -> String {
        match &self.kind {
            Kind::Server { path, .. } | Kind::Pool { path, .. } | Kind::Dynamic { path, .. } => {
                super::written(path)
            }
            Kind::Task { .. } => "task".to_owned(),
            Kind::Spec { ty, .. } => super::written(ty),
            Kind::Tree(_) => "tree".to_owned(),
            Kind::Unknown => "child".to_owned(),
        }
    }
}
