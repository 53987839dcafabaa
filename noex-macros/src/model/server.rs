//! One server: the `impl` block with its handlers.

use crate::{
    diag::Diag,
    model::{attributes, handler::Handler, kind::Kind, options::ServerOptions},
    syntax::{
        block::{ImplBlock, Member},
        half_typed,
        place::before,
        pretty::pretty,
        types,
    },
    text::server as text,
};
use quote::format_ident;
use syn::{Attribute, Generics, Ident, Type, parse_quote};

pub(crate) struct Server {
    pub(crate) ident: Ident,
    pub(crate) self_ty: Type,
    pub(crate) generics: Generics,
    /// Conditions on the whole block, which hold for all that is generated.
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) options: ServerOptions,
    pub(crate) handlers: Vec<Handler>,
    /// What can be read of handlers that are no whole functions yet: their callers have done nothing wrong.
    half_typed: Vec<Handler>,
    /// The names of all functions of the block, handlers or not.
    pub(crate) functions: Vec<Ident>,
    /// The enum of what it can be sent.
    pub(crate) message: Ident,
    /// The enum of its continuation steps.
    pub(crate) step: Ident,
    /// The handle that others have of it.
    pub(crate) reference: Ident,
}

impl Server {
    /// Reads the block, and takes off it what is only meant for the macro. `None` when no server
    /// can be made of it.
    pub(crate) fn read(
        block: &mut ImplBlock,
        options: ServerOptions,
        d: &mut Diag,
    ) -> Option<Self> {
        block.attrs.retain(|attr| {
            let last = attr.path().segments.last();
            let is = |word: &str| last.is_some_and(|last| last.ident == word);
            if is("gen_server") {
                d.report(attr, text::attribute_twice());
            } else if is("async_trait") {
                d.report(attr, text::async_trait());
            } else {
                return true;
            }
            false
        });
        let half_typed = read_half_typed(block);
        let handlers = read_handlers(block, d);
        if let Some(keyword) = &block.safety {
            d.report(keyword, text::unsafe_impl());
        }
        if let Type::Reference(reference) = &block.self_ty {
            let owned = (*reference.elem).clone();
            d.report(reference, text::borrowed_type(&pretty(&owned)));
            block.self_ty = owned;
        }
        let Some(ident) = types::last_segment(&block.self_ty).map(|last| last.ident.clone()) else {
            d.report(&block.self_ty, text::unnamed_type());
            return None;
        };
        if let Some(path) = &block.of_trait {
            d.report(path, text::impl_of_trait(&ident));
            return None;
        }
        let functions = block.methods_mut().map(|method| method.sig.ident.clone());
        let functions = functions.collect();
        let cfgs = block
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"));
        let at = before(ident.span());
        let called = |kind: &str| format_ident!("{ident}{kind}", span = at);
        let message = options.message.clone();
        Some(Self {
            message: message.unwrap_or_else(|| called("Message")),
            step: called("Continue"),
            reference: called("Ref"),
            ident,
            self_ty: block.self_ty.clone(),
            generics: block.generics.clone(),
            cfgs: cfgs.cloned().collect(),
            options,
            handlers,
            half_typed,
            functions,
        })
    }

    /// `S<'a>`, or `S<'_>`
    pub(crate) fn borrows(&self) -> bool {
        let mut found = self.generics.lifetimes().next().is_some();
        types::lifetimes(&self.self_ty, &mut |_| found = true);
        found
    }

    /// Adds those to the handlers, as broken ones, unless there are others of their names.
    pub(crate) fn add_half_typed(&mut self) {
        for handler in std::mem::take(&mut self.half_typed) {
            let is_there = |other: &Handler| other.ref_name() == handler.ref_name();
            if !self.handlers.iter().any(is_there) {
                self.handlers.push(handler);
            }
        }
    }

    /// Keeps lints away from handlers with a mistake: what they find comes of it, or can wait.
    pub(crate) fn excuse(&self, block: &mut ImplBlock) {
        for method in block.methods_mut() {
            let mut handlers = self.handlers.iter();
            if handlers.any(|handler| handler.broken && *handler.name() == method.sig.ident) {
                method.attrs.push(parse_quote!(#[allow(unused)]));
            }
        }
    }

    /// The names of the types that are generated.
    pub(crate) fn generated_names(&mut self) -> impl Iterator<Item = &mut Ident> {
        let step = self.has_steps().then_some(&mut self.step);
        [&mut self.message, &mut self.reference]
            .into_iter()
            .chain(step)
    }

    /// Whether there is an enum of continuation steps, if only for the sake of a broken one.
    pub(crate) fn has_steps(&self) -> bool {
        let mut handlers = self.handlers.iter();
        handlers.any(|handler| handler.kind() == Kind::Continuation)
    }

    pub(crate) fn sound(&self) -> impl Iterator<Item = &Handler> {
        self.handlers.iter().filter(|handler| !handler.broken)
    }

    pub(crate) fn init(&self) -> Option<&Handler> {
        let mut inits = self.handlers.iter();
        inits.find(|handler| handler.kind() == Kind::Init)
    }
}

fn read_half_typed(block: &ImplBlock) -> Vec<Handler> {
    let members = block.members.iter().filter_map(|member| match member {
        Member::Other(tokens) => half_typed::read(tokens.clone()),
        Member::Fn(_) => None,
    });
    members.filter_map(Handler::half_typed).collect()
}

fn read_handlers(block: &mut ImplBlock, d: &mut Diag) -> Vec<Handler> {
    for member in &mut block.members {
        if let Member::Other(tokens) = member {
            *tokens = attributes::strip(std::mem::take(tokens), d);
        }
    }
    let methods = block.methods_mut();
    methods
        .filter_map(|method| Handler::read(method, d))
        .collect()
}
