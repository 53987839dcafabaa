#[cfg(unix)]
impl<K, const N: usize> Cache<K, N>
where
    K: Ord + Send + 'static,
{
    #[cfg(feature = x)]
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::needless_pass_by_value,
        clippy::must_use_candidate
    )]
    pub fn get(&self, key: K, of: Self) -> Option<Self> {
        ..
    }
    #[allow(
        clippy::missing_const_for_fn,
        clippy::unused_self,
        clippy::needless_pass_by_value
    )]
    pub fn put(&mut self, r#type: [K; Self::LEN]) {}
}
#[cfg(unix)]
///What a [`Cache`] can be sent.
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
pub enum CacheMessage<K, const N: usize>
where
    K: Ord + Send + 'static,
{
    #[cfg(feature = x)]
    Get {
        key: K,
        of: Cache<K, N>,
        #[doc(hidden)]
        __reply: other::noex::Reply<Option<Cache<K, N>>>,
    },
    Put { r#type: [K; <Cache<K, N>>::LEN] },
    #[doc(hidden)]
    __Never(::core::convert::Infallible, ::core::marker::PhantomData<(fn() -> K,)>),
}
#[cfg(unix)]
///A handle of a [`Cache`]: what can be asked of it.
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
pub struct CacheRef<K, const N: usize, __Server: other::noex::GenServer = Cache<K, N>>
where
    K: Ord + Send + 'static,
{
    __at: other::noex::Process<__Server>,
    __of: ::core::marker::PhantomData<(fn() -> K,)>,
}
#[cfg(unix)]
///A handle of a [`Cache`]: what can be asked of it.
/**
It does not keep the server alive, and derefs to what every process has.*/
#[allow(rustdoc::all)]
#[cfg(doc)]
pub struct CacheRef<K, const N: usize>
where
    K: Ord + Send + 'static,
{
    __at: other::noex::Process<Cache<K, N>>,
    __of: ::core::marker::PhantomData<(fn() -> K,)>,
}
#[cfg(unix)]
///What a [`CacheRef`] can be asked, as a trait that a test double can implement.
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
pub trait CacheApi<K, const N: usize>: ::core::marker::Send + ::core::marker::Sync
where
    K: Ord + Send + 'static,
{
    /**
Handled by [`Cache::get`].*/
    #[cfg(feature = x)]
    #[deprecated]
    fn get(
        &self,
        key: K,
        of: Cache<K, N>,
    ) -> ::core::pin::Pin<
        other::noex::__private::Box<
            dyn ::core::future::Future<
                Output = ::core::result::Result<
                    Option<Cache<K, N>>,
                    other::noex::CallError,
                >,
            > + ::core::marker::Send + '_,
        >,
    >;
    /**
Handled by [`Cache::put`].*/
    fn set(
        &self,
        r#type: [K; <Cache<K, N>>::LEN],
    ) -> ::core::result::Result<(), other::noex::CastError<CacheMessage<K, N>>>;
}
#[cfg(unix)]
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
    use other::noex::__private::Outcome as __Outcome;
    use CacheMessage as __M;
    #[automatically_derived]
    impl<K, const N: usize> ::core::clone::Clone for CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        fn clone(&self) -> Self {
            Self {
                __at: ::core::clone::Clone::clone(&self.__at),
                __of: ::core::marker::PhantomData,
            }
        }
    }
    #[automatically_derived]
    impl<K, const N: usize> ::core::fmt::Debug for CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
            f.debug_tuple("CacheRef").field(&self.__at).finish()
        }
    }
    #[automatically_derived]
    impl<K, const N: usize> ::core::ops::Deref for CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        type Target = other::noex::Process<Cache<K, N>>;
        fn deref(&self) -> &Self::Target {
            &self.__at
        }
    }
    #[automatically_derived]
    impl<K, const N: usize> ::core::convert::From<other::noex::Process<Cache<K, N>>>
    for CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        fn from(process: other::noex::Process<Cache<K, N>>) -> Self {
            Self {
                __at: process,
                __of: ::core::marker::PhantomData,
            }
        }
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl<K, const N: usize> ::core::convert::From<other::noex::Target> for CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        fn from(target: other::noex::Target) -> Self {
            Self {
                __at: ::core::convert::From::from(target),
                __of: ::core::marker::PhantomData,
            }
        }
    }
    impl<K, const N: usize> CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        /**
Handled by [`Cache::get`].*/
        #[cfg(feature = x)]
        #[deprecated]
        pub fn get(
            &self,
            key: K,
            of: Cache<K, N>,
        ) -> other::noex::Call<'_, Cache<K, N>, Option<Cache<K, N>>> {
            self.__at.call(__None, move |__reply| __M::Get { key, of, __reply })
        }
        /**
Handled by [`Cache::put`].*/
        pub fn set(
            &self,
            r#type: [K; <Cache<K, N>>::LEN],
        ) -> ::core::result::Result<(), other::noex::CastError<CacheMessage<K, N>>> {
            self.__at.cast(__M::Put { r#type })
        }
    }
    #[automatically_derived]
    impl<K, const N: usize> other::noex::Child for Cache<K, N>
    where
        K: Ord + Send + 'static,
    {
        type Ref = CacheRef<K, N>;
        const POLICY: other::noex::__private::ChildPolicy = other::noex::__private::ChildPolicy::of(
            &<Self as other::noex::GenServer>::OPTIONS,
        );
    }
    #[doc(hidden)]
    #[automatically_derived]
    impl<K, const N: usize> other::noex::GenServer for Cache<K, N>
    where
        K: Ord + Send + 'static,
    {
        type Message = CacheMessage<K, N>;
        type Continue = ::core::convert::Infallible;
        const TYPE: &'static str = "Cache";
        const OPTIONS: other::noex::Options = {
            use other::noex::__private::DefaultOptions as _;
            <Cache<K, N>>::__NOEX_OPTIONS
        };
        const HANDLERS: &'static [&'static str] = &["get", "put"];
        fn handle_now(
            &mut self,
            __message: Self::Message,
            __cx: &mut other::noex::Ctx<Self>,
        ) -> other::noex::Now<Self::Message> {
            other::noex::Now::Done(
                match __message {
                    #[cfg(feature = x)]
                    __M::Get { key, of, __reply } => {
                        if let __Some(__reply) = __cx.__begin(__reply) {
                            __cx.__settle(__reply, Self::get(self, key, of))
                        }
                        __Ok(())
                    }
                    __M::Put { r#type } => {
                        __Outcome::outcome({ Self::put(self, r#type) })
                    }
                    __M::__Never(never, _) => match never {}
                },
            )
        }
        async fn handle_continue(
            &mut self,
            __message: Self::Continue,
            __cx: &mut other::noex::Ctx<Self>,
        ) -> __Result<(), other::noex::ExitReason> {
            match __message {}
            __Ok(())
        }
        fn handler_index(__message: &Self::Message) -> usize {
            match *__message {
                #[cfg(feature = x)]
                __M::Get { .. } => 0,
                __M::Put { .. } => 1,
                __M::__Never(never, _) => match never {}
            }
        }
        fn is_cast(__message: &Self::Message) -> bool {
            match *__message {
                __M::Put { .. } => true,
                _ => false,
            }
        }
    }
    other::noex::__no_infos! {
        [< K, const N : usize >] [Cache < K, N >] [where K : Ord + Send + 'static]
        [CacheMessage < K, N >]
    }
    impl<K, const N: usize> Cache<K, N>
    where
        K: Ord + Send + 'static,
    {
        ///Starts a [`Cache`].
        pub fn start(self) -> other::noex::Start<Self> {
            let __state: other::noex::__private::Sent<Cache<K, N>> = self;
            let __of: other::noex::__private::Of<
                other::noex::__private::Sent<Cache<K, N>>,
            > = other::noex::__private::PhantomData;
            other::noex::Start::new(move |__seat| other::noex::__private::Box::pin(
                other::noex::__private::life(
                    __of,
                    __seat,
                    move |mut __cx: other::noex::Ctx<Self>| async move {
                        let __init = other::noex::__private::IntoInit::<
                            Self,
                        >::into_init(__state);
                        (__init, __cx)
                    },
                ),
            ))
        }
        ///Starts a [`Cache`] under a name.
        pub fn start_as(
            self,
            name: impl ::core::convert::Into<other::noex::Name>,
        ) -> other::noex::Start<Self> {
            Self::start(self).name(name)
        }
        ///Starts a [`Cache`] linked to the calling process.
        pub fn start_link(self) -> other::noex::Start<Self> {
            Self::start(self).link()
        }
        ///How a supervisor starts a [`Cache`], and what it does when it ends.
        pub fn child_spec(self) -> other::noex::ChildSpec
        where
            for<'__a> Self: other::noex::__private::SpecArg<'__a>,
        {
            other::noex::ChildSpec::new::<
                Self,
            >("Cache", move || Self::start(::core::clone::Clone::clone(&self)))
        }
        ///A ref that follows `name`: which [`Cache`] it means is looked up at each use.
        pub fn named(
            name: impl ::core::convert::Into<other::noex::Name>,
        ) -> CacheRef<K, N> {
            ::core::convert::From::from(other::noex::Process::<Self>::named(name))
        }
    }
    #[automatically_derived]
    impl<K, const N: usize> CacheApi<K, N> for CacheRef<K, N>
    where
        K: Ord + Send + 'static,
    {
        #[cfg(feature = x)]
        fn get(
            &self,
            key: K,
            of: Cache<K, N>,
        ) -> ::core::pin::Pin<
            other::noex::__private::Box<
                dyn ::core::future::Future<
                    Output = ::core::result::Result<
                        Option<Cache<K, N>>,
                        other::noex::CallError,
                    >,
                > + ::core::marker::Send + '_,
            >,
        > {
            other::noex::__private::Box::pin(<CacheRef<K, N>>::get(self, key, of))
        }
        fn set(
            &self,
            r#type: [K; <Cache<K, N>>::LEN],
        ) -> ::core::result::Result<(), other::noex::CastError<CacheMessage<K, N>>> {
            <CacheRef<K, N>>::set(self, r#type)
        }
    }
    other::noex::__in_editor! {
        use other::noex::attr:: { call as _, cast as _ };
    }
};
