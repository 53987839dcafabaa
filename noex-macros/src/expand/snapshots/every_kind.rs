impl Counter {
    #[allow(clippy::needless_pass_by_value, clippy::must_use_candidate)]
    pub async fn new(start: u64, cx: &mut Ctx<Self>) -> Init<Self> {
        ..
    }
    /// The present count.
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::must_use_candidate
    )]
    pub fn get(&self) -> u64 {
        self.n
    }
    /// Adds, or says why not.
    #[allow(clippy::unused_self, clippy::needless_pass_by_value)]
    pub async fn add(&mut self, cx: &mut Ctx<Self>, by: u64) -> Result<u64, TooBig> {
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
        clippy::needless_pass_by_value,
        clippy::must_use_candidate
    )]
    pub fn query(
        &self,
        q: Sql,
    ) -> impl Future<Output = io::Result<Rows>> + Send + 'static {
        ..
    }
    #[allow(clippy::missing_const_for_fn, clippy::unused_self)]
    fn reset(&mut self) {
        self.n = 0;
    }
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::needless_pass_by_value
    )]
    fn tick(&mut self, t: Tick) {}
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::needless_pass_by_value
    )]
    fn gone(&mut self, d: Down) {}
    #[allow(clippy::unused_self, clippy::needless_pass_by_value)]
    async fn warm(&mut self, from: u64) -> io::Result<()> {
        ..
    }
    #[allow(clippy::unused_self)]
    async fn bye(&mut self, why: &ExitReason) {}
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::must_use_candidate
    )]
    fn show(&self) -> impl Serialize {
        self.n
    }
    pub const LIMIT: u64 = 10;
}
///What a [`Counter`] can be sent.
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
pub enum CounterMessage {
    /// The present count.
    Get { #[doc(hidden)] __reply: ::noex::Reply<u64> },
    /// Adds, or says why not.
    Add { by: u64, #[doc(hidden)] __reply: ::noex::Reply<u64, TooBig> },
    Wait { #[doc(hidden)] __reply: ::noex::Reply<u64> },
    Query {
        q: Sql,
        #[doc(hidden)]
        __reply: ::noex::Reply<
            <io::Result<Rows> as ::noex::__private::ResultLike>::Ok,
            <io::Result<Rows> as ::noex::__private::ResultLike>::Err,
        >,
    },
    Reset {},
    Tick { t: Tick },
}
///The steps that a [`Counter`] takes before its next message.
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
pub enum CounterContinue {
    Warm { from: u64 },
}
///A handle of a [`Counter`]: what can be asked of it.
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
pub struct CounterRef<__Server: ::noex::GenServer = Counter> {
    __at: ::noex::Process<__Server>,
}
///A handle of a [`Counter`]: what can be asked of it.
/**
It does not keep the server alive, and derefs to what every process has.*/
#[allow(rustdoc::all)]
#[cfg(doc)]
pub struct CounterRef {
    __at: ::noex::Process<Counter>,
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
    use CounterMessage as __M;
    #[automatically_derived]
    impl ::core::clone::Clone for CounterRef {
        fn clone(&self) -> Self {
            Self {
                __at: ::core::clone::Clone::clone(&self.__at),
            }
        }
    }
    #[automatically_derived]
    impl ::core::fmt::Debug for CounterRef {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_tuple("CounterRef").field(&self.__at).finish()
        }
    }
    #[automatically_derived]
    impl ::core::ops::Deref for CounterRef {
        type Target = ::noex::Process<Counter>;
        fn deref(&self) -> &Self::Target {
            &self.__at
        }
    }
    #[automatically_derived]
    impl ::core::convert::From<::noex::Process<Counter>> for CounterRef {
        fn from(process: ::noex::Process<Counter>) -> Self {
            Self { __at: process }
        }
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl ::core::convert::From<::noex::Target> for CounterRef {
        fn from(target: ::noex::Target) -> Self {
            Self {
                __at: ::core::convert::From::from(target),
            }
        }
    }
    impl CounterRef {
        /// The present count.
        /**
Handled by [`Counter::get`]; a caller waits up to `2s`.*/
        pub fn get(&self) -> ::noex::Call<'_, Counter, u64> {
            self.__at.call(__None, move |__reply| __M::Get { __reply })
        }
        /// Adds, or says why not.
        /**
Handled by [`Counter::add`]; a caller waits up to `500ms`.*/
        pub fn add(&self, by: u64) -> ::noex::Call<'_, Counter, u64, TooBig> {
            self.__at
                .call(
                    __Some(::core::time::Duration::new(0u64, 500000000u32)),
                    move |__reply| __M::Add { by, __reply },
                )
        }
        /**
Handled by [`Counter::wait`]; a caller waits up to `2s`.*/
        pub fn wait(&self) -> ::noex::Call<'_, Counter, u64> {
            self.__at.call(__None, move |__reply| __M::Wait { __reply })
        }
        /**
Handled by [`Counter::query`]; a caller waits up to `2s`.*/
        pub fn query(
            &self,
            q: Sql,
        ) -> ::noex::Call<
            '_,
            Counter,
            <io::Result<Rows> as ::noex::__private::ResultLike>::Ok,
            <io::Result<Rows> as ::noex::__private::ResultLike>::Err,
        > {
            self.__at.call(__None, move |__reply| __M::Query { q, __reply })
        }
        /**
Handled by `Counter::reset`.*/
        fn reset(
            &self,
        ) -> ::core::result::Result<(), ::noex::CastError<CounterMessage>> {
            self.__at.cast(__M::Reset {})
        }
    }
    #[automatically_derived]
    impl ::noex::Child for Counter {
        type Ref = CounterRef;
        const POLICY: ::noex::__private::ChildPolicy = ::noex::__private::ChildPolicy::of(
            &<Self as ::noex::GenServer>::OPTIONS,
        );
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl ::noex::GenServer for Counter {
        type Message = <[(); __SENDABLE] as ::noex::__private::Given<
            CounterMessage,
        >>::It;
        type Continue = <[(); __SENDABLE] as ::noex::__private::Given<
            CounterContinue,
        >>::It;
        const TYPE: &'static str = "Counter";
        const OPTIONS: ::noex::Options = {
            use ::noex::__private::DefaultOptions as _;
            ::noex::Options {
                call_timeout: ::core::time::Duration::new(2u64, 0u32),
                ..<Counter>::__NOEX_OPTIONS
            }
        };
        const HANDLERS: &'static [&'static str] = &[
            "get",
            "add",
            "wait",
            "query",
            "reset",
            "tick",
        ];
        fn handle_now(
            &mut self,
            __message: Self::Message,
            __cx: &mut ::noex::Ctx<Self>,
        ) -> ::noex::Now<Self::Message> {
            ::noex::Now::Done(
                match __message {
                    __M::Get { __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            __cx.__settle(__reply, Self::get(self))
                        }
                        __Ok(())
                    }
                    __M::Wait { __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            let __reply = __cx.__defer(__reply);
                            Self::wait(self, __reply);
                        }
                        __Ok(())
                    }
                    __M::Query { q, __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            let __it = Self::query(self, q);
                            __cx.__answer_later(__reply, __it, ::noex::Reply::complete);
                        }
                        __Ok(())
                    }
                    __M::Reset {} => __Outcome::outcome({ Self::reset(self) }),
                    __M::Tick { t } => __Outcome::outcome({ Self::tick(self, t) }),
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
                __M::Add { by, __reply } => {
                    if let __Some(__reply) = __cx.__begin(__reply) {
                        let __it = Self::add(self, (__cx), by).await;
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
            match __message {
                CounterContinue::Warm { from } => {
                    __Outcome::outcome({ Self::warm(self, from).await })?
                }
            }
            __Ok(())
        }
        fn handler_index(__message: &Self::Message) -> usize {
            match *__message {
                __M::Get { .. } => 0,
                __M::Add { .. } => 1,
                __M::Wait { .. } => 2,
                __M::Query { .. } => 3,
                __M::Reset { .. } => 4,
                __M::Tick { .. } => 5,
            }
        }
        fn is_cast(__message: &Self::Message) -> bool {
            match *__message {
                __M::Reset { .. } => true,
                _ => false,
            }
        }
        async fn handle_down(
            &mut self,
            __signal: ::noex::Down,
            __cx: &mut ::noex::Ctx<Self>,
        ) -> __Result<(), ::noex::ExitReason> {
            __Outcome::outcome({ Self::gone(self, (__signal)) })
        }
        async fn terminate(
            &mut self,
            __signal: &::noex::ExitReason,
            __cx: &mut ::noex::Ctx<Self>,
        ) -> __Result<(), ::noex::ExitReason> {
            __Outcome::outcome({ Self::bye(self, (__signal)).await })
        }
        fn status(&self) -> ::core::option::Option<::noex::Status> {
            __Some(::noex::Status::of(&Self::show(self)))
        }
    }
    #[automatically_derived]
    impl ::noex::Info<Tick> for Counter {
        fn info(__message: Tick) -> CounterMessage {
            __M::Tick { t: __message }
        }
    }
    impl Counter {
        ///Starts a [`Counter`].
        pub fn start(start: u64) -> ::noex::Start<Self> {
            let __of: ::noex::__private::Of<::noex::__private::Sent<Counter>> = ::noex::__private::PhantomData;
            ::noex::Start::new(move |__seat| ::noex::__private::Box::pin(
                ::noex::__private::life(
                    __of,
                    __seat,
                    move |mut __cx: ::noex::Ctx<Self>| async move {
                        let __init = ::noex::__private::IntoInit::<
                            Self,
                        >::into_init({ Self::new(start, (&mut __cx)).await });
                        (__init, __cx)
                    },
                ),
            ))
        }
        ///Starts a [`Counter`] under a name.
        pub fn start_as(
            name: impl ::core::convert::Into<::noex::Name>,
            start: u64,
        ) -> ::noex::Start<Self> {
            Self::start(start).name(name)
        }
        ///Starts a [`Counter`] linked to the calling process.
        pub fn start_link(start: u64) -> ::noex::Start<Self> {
            Self::start(start).link()
        }
        ///How a supervisor starts a [`Counter`], and what it does when it ends.
        pub fn child_spec(start: u64) -> ::noex::ChildSpec {
            ::noex::ChildSpec::new::<
                Self,
            >("Counter", move || Self::start(::core::clone::Clone::clone(&start)))
        }
        ///A ref that follows `name`: which [`Counter`] it means is looked up at each use.
        pub fn named(name: impl ::core::convert::Into<::noex::Name>) -> CounterRef {
            ::core::convert::From::from(::noex::Process::<Self>::named(name))
        }
    }
    const __SENDABLE: usize = 0
        + {
            const __IT: () = {
                ::noex::__private::in_message::<TooBig>;
            };
            __IT;
            0
        }
        + {
            const __IT: () = {
                ::noex::__private::in_message::<Sql>;
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
        }
        + {
            const __IT: () = {
                ::noex::__private::in_message::<Tick>;
            };
            __IT;
            0
        };
    ::noex::__in_editor! {
        use ::noex::attr:: { init as _, call as _, call as _, call as _, call as _, cast
        as _, info as _, info as _, continuation as _, terminate as _, status as _ };
    }
};
