impl Shop {
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::must_use_candidate
    )]
    pub fn price(&self) -> u64 {
        self.n
    }
    #[allow(clippy::unused_self, clippy::needless_pass_by_value)]
    pub async fn order(&mut self, r#type: u64) -> Result<u64, SoldOut> {
        ..
    }
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::needless_pass_by_value
    )]
    pub fn wait(&mut self, reply: Reply<u64>) {
        self.waiting.push(reply)
    }
    #[allow(
        clippy::missing_const_for_fn,
        clippy::manual_async_fn,
        clippy::unused_self,
        clippy::must_use_candidate
    )]
    pub fn query(&self) -> impl Future<Output = io::Result<Rows>> + Send + 'static {
        ..
    }
    #[allow(clippy::missing_const_for_fn, clippy::unused_self)]
    pub fn close(&mut self) {}
}
///What a [`Shop`] can be sent.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    rustdoc::all,
    dead_code,
    deprecated,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    nonstandard_style,
    private_bounds,
    private_interfaces,
    unnameable_types,
    unreachable_pub
)]
pub enum ShopMessage {
    Price {
        #[doc(hidden)]
        __caller: ::noex::__private::Span,
        #[doc(hidden)]
        __reply: ::noex::Reply<u64>,
    },
    Order {
        r#type: u64,
        #[doc(hidden)]
        __caller: ::noex::__private::Span,
        #[doc(hidden)]
        __reply: ::noex::Reply<u64, SoldOut>,
    },
    Wait {
        #[doc(hidden)]
        __caller: ::noex::__private::Span,
        #[doc(hidden)]
        __reply: ::noex::Reply<u64>,
    },
    Query {
        #[doc(hidden)]
        __caller: ::noex::__private::Span,
        #[doc(hidden)]
        __reply: ::noex::Reply<
            <io::Result<Rows> as ::noex::__private::ResultLike>::Ok,
            <io::Result<Rows> as ::noex::__private::ResultLike>::Err,
        >,
    },
    Close {},
}
///A handle of a [`Shop`]: what can be asked of it.
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::restriction,
    rustdoc::all,
    dead_code,
    deprecated,
    missing_copy_implementations,
    missing_debug_implementations,
    missing_docs,
    nonstandard_style,
    private_bounds,
    private_interfaces,
    unnameable_types,
    unreachable_pub
)]
#[cfg(not(doc))]
pub struct ShopRef<__Server: ::noex::GenServer = Shop> {
    __at: ::noex::Process<__Server>,
}
///A handle of a [`Shop`]: what can be asked of it.
/**
It does not keep the server alive, and derefs to what every process has.*/
#[allow(rustdoc::all)]
#[cfg(doc)]
pub struct ShopRef {
    __at: ::noex::Process<Shop>,
}
#[allow(
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::restriction,
    rustdoc::all,
    unused,
    deprecated,
    missing_docs,
    nonstandard_style,
    non_local_definitions,
    private_bounds,
    private_interfaces,
    unreachable_pub
)]
const _: () = {
    use ::core::option::Option::{None as __None, Some as __Some};
    use ::core::result::Result::{self as __Result, Ok as __Ok};
    use ::noex::__private::Outcome as __Outcome;
    use ShopMessage as __M;
    #[automatically_derived]
    impl ::core::clone::Clone for ShopRef {
        fn clone(&self) -> Self {
            Self {
                __at: ::core::clone::Clone::clone(&self.__at),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for ShopRef {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_tuple("ShopRef").field(&self.__at).finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for ShopRef {
        type Target = ::noex::Process<Shop>;
        fn deref(&self) -> &Self::Target {
            &self.__at
        }
    }
    #[automatically_derived]
    impl ::core::convert::From<::noex::Process<Shop>> for ShopRef {
        fn from(process: ::noex::Process<Shop>) -> Self {
            Self { __at: process }
        }
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl ::core::convert::From<::noex::Target> for ShopRef {
        fn from(target: ::noex::Target) -> Self {
            Self {
                __at: ::core::convert::From::from(target),
            }
        }
    }
    impl ShopRef {
        /**
Handled by [`Shop::price`].*/
        pub fn price(&self) -> ::noex::Call<'_, Shop, u64> {
            self.__at
                .call(
                    __None,
                    move |__reply| __M::Price {
                        __caller: ::noex::__private::Span::current(),
                        __reply,
                    },
                )
        }
        /**
Handled by [`Shop::order`].*/
        pub fn order(&self, r#type: u64) -> ::noex::Call<'_, Shop, u64, SoldOut> {
            self.__at
                .call(
                    __None,
                    move |__reply| __M::Order {
                        r#type,
                        __caller: ::noex::__private::Span::current(),
                        __reply,
                    },
                )
        }
        /**
Handled by [`Shop::wait`].*/
        pub fn wait(&self) -> ::noex::Call<'_, Shop, u64> {
            self.__at
                .call(
                    __None,
                    move |__reply| __M::Wait {
                        __caller: ::noex::__private::Span::current(),
                        __reply,
                    },
                )
        }
        /**
Handled by [`Shop::query`].*/
        pub fn query(
            &self,
        ) -> ::noex::Call<
            '_,
            Shop,
            <io::Result<Rows> as ::noex::__private::ResultLike>::Ok,
            <io::Result<Rows> as ::noex::__private::ResultLike>::Err,
        > {
            self.__at
                .call(
                    __None,
                    move |__reply| __M::Query {
                        __caller: ::noex::__private::Span::current(),
                        __reply,
                    },
                )
        }
        /**
Handled by [`Shop::close`].*/
        pub fn close(
            &self,
        ) -> ::core::result::Result<(), ::noex::CastError<ShopMessage>> {
            self.__at.cast(__M::Close {})
        }
    }
    #[automatically_derived]
    impl ::noex::Child for Shop {
        type Ref = ShopRef;
        const POLICY: ::noex::__private::ChildPolicy = ::noex::__private::ChildPolicy::of(
            &<Self as ::noex::GenServer>::OPTIONS,
        );
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl ::noex::GenServer for Shop {
        type Message = <[(); __SENDABLE] as ::noex::__private::Given<ShopMessage>>::It;
        type Continue = ::core::convert::Infallible;
        const TYPE: &'static str = "Shop";
        const OPTIONS: ::noex::Options = {
            use ::noex::__private::DefaultOptions as _;
            <Shop>::__NOEX_OPTIONS
        };
        const HANDLERS: &'static [&'static str] = &[
            "price",
            "order",
            "wait",
            "query",
            "close",
        ];
        fn handle_now(
            &mut self,
            __message: Self::Message,
            __cx: &mut ::noex::Ctx<Self>,
        ) -> ::noex::Now<Self::Message> {
            ::noex::Now::Done(
                match __message {
                    __M::Price { __caller, __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            let __log = __cx.__log(&__caller, "price");
                            let __it = __log.run(|| Self::price(self));
                            __log.end(__None);
                            __cx.__settle(__reply, __it)
                        }
                        __Ok(())
                    }
                    __M::Wait { __caller, __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            let __reply = __cx.__defer(__reply);
                            let __log = __cx.__log(&__caller, "wait");
                            let __it = __log.run(|| Self::wait(self, __reply));
                            __log.deferred();
                        }
                        __Ok(())
                    }
                    __M::Query { __caller, __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            let __log = __cx.__log(&__caller, "query");
                            let __it = __log.run(|| Self::query(self));
                            let __it = async move {
                                let __it = __log.watch(__it).await;
                                __log
                                    .end(
                                        __it
                                            .as_ref()
                                            .err()
                                            .map(|__error| {
                                                use ::noex::__private::{
                                                    ShownByDebug as _, ShownByDisplay as _, ShownByType as _,
                                                };
                                                (&&&::noex::__private::Shown(__error)).__noex_shown()
                                            }),
                                    );
                                __it
                            };
                            __cx.__answer_later(__reply, __it, ::noex::Reply::complete);
                        }
                        __Ok(())
                    }
                    __M::Close {} => __Outcome::outcome({ Self::close(self) }),
                    #[allow(unreachable_patterns)]
                    __other => return ::noex::Now::Await(__other),
                },
            )
        }
        async fn handle(
            &mut self,
            __message: Self::Message,
            __cx: &mut ::noex::Ctx<Self>,
        ) -> __Result<(), ::noex::ExitReason> {
            match __message {
                __M::Order { r#type, __caller, __reply } => {
                    if let __Some(__reply) = __cx.__begin(__reply) {
                        let __log = __cx.__log(&__caller, "order");
                        let __it = __log.watch(Self::order(self, r#type)).await;
                        __log
                            .end(
                                __it
                                    .as_ref()
                                    .err()
                                    .map(|__error| {
                                        use ::noex::__private::{
                                            ShownByDebug as _, ShownByDisplay as _, ShownByType as _,
                                        };
                                        (&&&::noex::__private::Shown(__error)).__noex_shown()
                                    }),
                            );
                        __cx.__complete(__reply, __it)
                    }
                }
                #[allow(unreachable_patterns)]
                _ => {}
            }
            __Ok(())
        }
        async fn handle_continue(
            &mut self,
            __message: Self::Continue,
            __cx: &mut ::noex::Ctx<Self>,
        ) -> __Result<(), ::noex::ExitReason> {
            match __message {}
            __Ok(())
        }
        fn handler_index(__message: &Self::Message) -> usize {
            match *__message {
                __M::Price { .. } => 0,
                __M::Order { .. } => 1,
                __M::Wait { .. } => 2,
                __M::Query { .. } => 3,
                __M::Close { .. } => 4,
            }
        }
        fn is_cast(__message: &Self::Message) -> bool {
            match *__message {
                __M::Close { .. } => true,
                _ => false,
            }
        }
    }
    ::noex::__no_infos! {
        [] [Shop] [] [ShopMessage]
    }
    impl Shop {
        ///Starts a [`Shop`].
        pub fn start(self) -> ::noex::Start<Self> {
            let __state: ::noex::__private::Sent<Shop> = self;
            let __of: ::noex::__private::Of<::noex::__private::Sent<Shop>> = ::noex::__private::PhantomData;
            ::noex::Start::new(move |__seat| ::noex::__private::Box::pin(
                ::noex::__private::life(
                    __of,
                    __seat,
                    move |mut __cx: ::noex::Ctx<Self>| async move {
                        let __init = ::noex::__private::IntoInit::<
                            Self,
                        >::into_init(__state);
                        (__init, __cx)
                    },
                ),
            ))
        }
        ///Starts a [`Shop`] under a name.
        pub fn start_as(
            self,
            name: impl ::core::convert::Into<::noex::Name>,
        ) -> ::noex::Start<Self> {
            Self::start(self).name(name)
        }
        ///Starts a [`Shop`] linked to the calling process.
        pub fn start_link(self) -> ::noex::Start<Self> {
            Self::start(self).link()
        }
        ///How a supervisor starts a [`Shop`], and what it does when it ends.
        pub fn child_spec(self) -> ::noex::ChildSpec
        where
            for<'__a> Self: ::noex::__private::SpecArg<'__a>,
        {
            ::noex::ChildSpec::new::<
                Self,
            >("Shop", move || Self::start(::core::clone::Clone::clone(&self)))
        }
        ///A ref that follows `name`: which [`Shop`] it means is looked up at each use.
        pub fn named(name: impl ::core::convert::Into<::noex::Name>) -> ShopRef {
            ::core::convert::From::from(::noex::Process::<Self>::named(name))
        }
    }
    const __SENDABLE: usize = 0
        + {
            const __IT: () = {
                ::noex::__private::in_message::<SoldOut>;
            };
            __IT;
            0
        }
        + {
            const __IT: () = {
                ::noex::__private::in_message::<
                    <io::Result<Rows> as ::noex::__private::ResultLike>::Ok,
                >;
            };
            __IT;
            0
        }
        + {
            const __IT: () = {
                ::noex::__private::in_message::<
                    <io::Result<Rows> as ::noex::__private::ResultLike>::Err,
                >;
            };
            __IT;
            0
        };
    ::noex::__in_editor! {
        use ::noex::attr:: { call as _, call as _, call as _, call as _, cast as _ };
    }
};
