//! One handler: a function with an attribute of noex.

use crate::{
    diag::Diag,
    model::{
        attributes,
        call::{Answer, HandlerOptions},
        kind::Kind,
    },
    syntax::{
        function::Method, half_typed::HalfTyped, mend, place::before, pretty::pretty, source::File,
        types,
    },
    text::argument as text,
};
use proc_macro2::{Delimiter, Group, Span};
use quote::quote;
use syn::{
    Attribute, FnArg, Ident, Pat, PatType, PathArguments, ReceiverKind, ReturnType, Signature,
    Type, Visibility, parse_quote,
};

pub(crate) struct Handler {
    pub(crate) options: HandlerOptions,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    pub(crate) params: Vec<Param>,
    /// Documentation, for the ref method and the message.
    pub(crate) docs: Vec<Attribute>,
    pub(crate) cfgs: Vec<Attribute>,
    pub(crate) deprecated: Vec<Attribute>,
    /// Something was wrong with it, so nothing may call it.
    pub(crate) broken: bool,
    /// Nothing but its kind is known.
    pub(crate) guessed: bool,
    /// Another handler's ref method has its name.
    pub(crate) shadowed: bool,
}

/// A parameter other than the receiver.
pub(crate) struct Param {
    pub(crate) role: Role,
    /// The plain name, if the pattern is one.
    pub(crate) name: Option<Ident>,
    pub(crate) arg: PatType,
    pub(crate) docs: Vec<Attribute>,
}

/// Where a parameter's value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// From the message, the continuation step, or the start function.
    Field,
    /// The context.
    Context,
    /// The reply of a deferred call.
    Reply,
    /// What the runtime reports: a `Down`, an `Exit`, the reason of a `#[terminate]`.
    Signal,
}

impl Handler {
    /// Reads a function, and takes off it what is only meant for the macro. `None` for a function
    /// that is no handler.
    pub(crate) fn read(method: &mut Method, d: &mut Diag) -> Option<Self> {
        let before = d.count();
        let marker = attributes::take(&mut method.attrs, &method.sig.ident, d)?;
        let options = HandlerOptions::read(&marker, d);
        give_sizes(method, d);
        name_server(method, d);
        let mut sig = method.sig.clone();
        shorten_receiver(&mut sig);
        // It is reported, and what the body does need not be constant.
        method.sig.constness = None;
        let mut params = Vec::new();
        for input in &mut method.sig.inputs {
            if let FnArg::Typed(arg) = input {
                params.push(Param::read(arg));
            }
        }
        assign_roles(&mut params, &options);
        let matching = |wanted: fn(&Attribute) -> bool| {
            let found = method.attrs.iter().filter(|attr| wanted(attr));
            found.cloned().collect::<Vec<_>>()
        };
        let docs = matching(attributes::is_documentation);
        let cfgs = matching(|attr| attr.path().is_ident("cfg"));
        let deprecated = matching(|attr| attr.path().is_ident("deprecated"));
        if options.kind.is_on_ref() {
            // It is the ref's method that nobody should call.
            method
                .attrs
                .retain(|attr| !attr.path().is_ident("deprecated"));
        }
        let handler = Self {
            options,
            vis: method.vis.clone(),
            sig,
            params,
            docs,
            cfgs,
            deprecated,
            broken: d.count() > before,
            guessed: marker.guessed,
            shadowed: false,
        };
        method.attrs.push(handler.pardon());
        Some(handler)
    }

    /// One that cannot be called yet. What it does not say in full, it may become: any parameters, any answer.
    pub(crate) fn half_typed(half: HalfTyped) -> Option<Self> {
        let HalfTyped {
            mut method,
            returns_half,
        } = half;
        let mut d = Diag::default();
        let handler = Self::read(&mut method, &mut d);
        // They are reported when the function is whole.
        let _ = d.into_tokens();
        let mut handler = handler?;
        handler.broken = true;
        if returns_half && handler.kind() == Kind::Call {
            handler.options.answer = Answer::Returned;
            handler.sig.generics = syn::parse_quote!(<__Answer>);
            handler.sig.output = syn::parse_quote!(-> __Answer);
        }
        Some(handler)
    }

    /// Pardons a handler in the eyes of clippy what its kind asks of it: a receiver, arguments by
    /// value, a return value that only noex looks at.
    fn pardon(&self) -> Attribute {
        let by_value = |param: &Param| !matches!(param.ty(), Type::Reference(_));
        let looks = matches!(self.sig.inputs.first(), Some(FnArg::Receiver(receiver))
            if matches!(receiver.kind, ReceiverKind::Reference(_, _, None)));
        let pardoned = [
            // No handler may be one.
            (!self.is_async(), "missing_const_for_fn"),
            // A future of its own, which does not borrow the server.
            (
                matches!(self.options.answer, Answer::Spawned(_)),
                "manual_async_fn",
            ),
            (self.kind() != Kind::Init, "unused_self"),
            (self.params.iter().any(by_value), "needless_pass_by_value"),
            (
                self.kind() == Kind::Init || looks && !self.is_async(),
                "must_use_candidate",
            ),
        ];
        let lints = pardoned.into_iter().filter(|(needed, _)| *needed);
        let lints = lints.map(|(_, lint)| Ident::new(lint, Span::call_site()));
        syn::parse_quote!(#[allow(#(clippy::#lints),*)])
    }

    pub(crate) fn kind(&self) -> Kind {
        self.options.kind
    }

    /// The handler's name.
    pub(crate) fn name(&self) -> &Ident {
        &self.sig.ident
    }

    /// Its name as observers and logs show it.
    pub(crate) fn spelled(&self) -> String {
        let name = self.name().to_string();
        name.trim_start_matches("r#").to_owned()
    }

    /// The name of the ref's method.
    pub(crate) fn ref_name(&self) -> &Ident {
        self.options.rename.as_ref().unwrap_or(&self.sig.ident)
    }

    pub(crate) fn is_async(&self) -> bool {
        self.sig.asyncness.is_some()
    }

    pub(crate) fn is_private(&self) -> bool {
        matches!(self.vis, Visibility::Inherited)
    }

    /// Whether it may wait while others look at the server. One under `cfg` may not be there.
    pub(crate) fn shares_the_server(&self) -> bool {
        let kind = self.sig.receiver().map(|receiver| &receiver.kind);
        let is_shared = matches!(kind, Some(ReceiverKind::Reference(_, _, None)));
        is_shared && self.is_async() && self.cfgs.is_empty()
    }

    /// Whether two parameters have one name, which is an error of rustc's.
    pub(crate) fn has_twins(&self) -> bool {
        let names: Vec<_> = self
            .params
            .iter()
            .filter_map(|param| param.name.as_ref())
            .collect();
        names
            .iter()
            .enumerate()
            .any(|(at, name)| names[..at].contains(name))
    }

    /// The return type, if one is written.
    pub(crate) fn output(&self) -> Option<&Type> {
        match &self.sig.output {
            ReturnType::Default => None,
            ReturnType::Type(_, ty) => Some(ty),
        }
    }

    pub(crate) fn params_of(&self, role: Role) -> impl Iterator<Item = &Param> {
        self.params.iter().filter(move |param| param.role == role)
    }

    pub(crate) fn fields(&self) -> impl Iterator<Item = &Param> {
        self.params_of(Role::Field)
    }

    /// The name of the enum variant that carries its arguments: `AddItem` for `add_item`.
    pub(crate) fn variant(&self) -> Ident {
        let name = self.sig.ident.to_string();
        let mut out = String::new();
        for word in name.trim_start_matches("r#").split('_') {
            let mut chars = word.chars();
            out.extend(chars.next().into_iter().flat_map(char::to_uppercase));
            out.extend(chars);
        }
        // `Self` is a keyword, and a name cannot be empty or begin with a digit.
        let plain = out.starts_with(|c: char| c.is_alphabetic()) && out != "Self";
        if !plain {
            out.insert(0, '_');
        }
        Ident::new(&out, self.sig.ident.span())
    }

    /// The variant where it is used: nothing that an editor should show at the handler's name.
    pub(crate) fn variant_in_use(&self) -> Ident {
        let mut variant = self.variant();
        variant.set_span(before(variant.span()));
        variant
    }
}

impl Param {
    /// Comments on parameters are fine on handlers, but rustc does not want to see them.
    fn read(arg: &mut PatType) -> Self {
        let original = arg.clone();
        let docs = original
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("doc"));
        let docs = docs.cloned().collect();
        arg.attrs.retain(|attr| !attr.path().is_ident("doc"));
        let name = match &*original.pat {
            Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => {
                Some(pat.ident.clone())
            }
            _ => None,
        };
        Self {
            role: Role::Field,
            name,
            arg: original,
            docs,
        }
    }

    pub(crate) fn ty(&self) -> &Type {
        &self.arg.ty
    }

    /// The name where it is used: what an editor shows at the parameter is only the parameter.
    pub(crate) fn in_use(&self) -> Option<Ident> {
        let mut name = self.name.clone()?;
        name.set_span(before(name.span()));
        Some(name)
    }
}

/// `&mut Ctx` would be an error of rustc's, which proposes a parameter that nobody has.
fn name_server(method: &mut Method, d: &mut Diag) {
    for input in &mut method.sig.inputs {
        let FnArg::Typed(arg) = input else { continue };
        let ty = types::behind_reference_mut(&mut arg.ty);
        if types::is_named(ty, "Ctx") && types::type_arguments_of(ty).is_empty() {
            d.report(&*ty, text::context_of_nobody());
            if let Type::Path(path) = ty
                && let Some(last) = path.path.segments.last_mut()
            {
                last.arguments = PathArguments::AngleBracketed(parse_quote!(<Self>));
            }
        }
    }
}

/// `self: &mut Self` is `&mut self` in full.
fn shorten_receiver(sig: &mut Signature) {
    let Some(FnArg::Receiver(receiver)) = sig.inputs.first_mut() else {
        return;
    };
    if let ReceiverKind::Typed(_, ty) = &receiver.kind
        && let Type::Reference(lent) = &**ty
        && matches!(&*lent.elem, Type::Path(path) if path.path.is_ident("Self"))
    {
        let lifetime = lent.lifetime.clone();
        receiver.kind = ReceiverKind::Reference(lent.and_token, lifetime, lent.mutability);
    }
}

/// What has no size would be an error of rustc's in each place that it gets to. So its owner takes its place, in a function
/// that does nothing.
fn give_sizes(method: &mut Method, d: &mut Diag) {
    let before = d.count();
    let mut give = |ty: &mut Type, is_reply| {
        if let Some(owner) = mend::owner_of_unsized(ty) {
            let (written, owned) = (pretty(&*ty), pretty(&owner));
            d.report(&*ty, text::without_size(&written, &owned, is_reply));
            *ty = owner;
        }
    };
    for input in &mut method.sig.inputs {
        if let FnArg::Typed(arg) = input {
            give(&mut arg.ty, false);
        }
    }
    if let ReturnType::Type(_, ty) = &mut method.sig.output {
        give(ty, true);
    }
    if d.count() > before {
        let mut body = Group::new(Delimiter::Brace, quote!(::core::unreachable!()));
        body.set_span(method.body.span());
        method.body = body;
    }
}

/// Whether this may be somebody's name for a `Reply`: it is no type that everyone knows, and none that its file declares.
fn may_be_alias(ty: &Type) -> bool {
    if types::mentions(ty, "Reply") {
        return true;
    }
    let known = mend::is_plain(ty) || matches!(ty, Type::Reference(_));
    let named = types::last_segment(ty);
    !known
        && named.is_some_and(|last| {
            last.ident != "Sender"
                && last.ident != "Self"
                && !types::is_foreign(ty)
                && !File::of(&last.ident).is_some_and(|file| file.declares_new(&last.ident))
        })
}

fn assign_roles(params: &mut [Param], options: &HandlerOptions) {
    for param in params.iter_mut() {
        let ty = param.ty();
        if types::is_named(ty, "Ctx") || types::is_of_self(ty) || types::is_other_context(ty) {
            param.role = Role::Context;
        }
    }
    let mut fields = params.iter_mut().filter(|param| param.role == Role::Field);
    let special = match (options.kind, &options.answer) {
        (Kind::Call, Answer::Deferred(_)) => {
            // An alias of `Reply` is recognised by its place, unless it can be none.
            let mut last = None;
            let mut replies = None;
            for param in fields {
                if types::is_named(param.ty(), "Reply") {
                    replies = Some(&mut *param);
                } else {
                    last = may_be_alias(param.ty()).then_some(&mut *param);
                }
            }
            replies.or(last).map(|param| (param, Role::Reply))
        }
        (Kind::Down | Kind::Exit | Kind::Terminate, _) => {
            fields.next().map(|param| (param, Role::Signal))
        }
        (Kind::Info, _) => {
            // Nobody names what is sent as a message, so it needs no name here either.
            for param in fields.filter(|param| matches!(*param.arg.pat, Pat::Wild(_))) {
                param.name = Some(Ident::new("message", Span::mixed_site()));
            }
            None
        }
        _ => None,
    };
    if let Some((param, role)) = special {
        param.role = role;
    }
}
