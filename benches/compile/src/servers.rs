//! The same servers twice. Of each four handlers two are calls that answer at once, one awaits, and one is a cast.

use std::fmt::Write as _;

const ERROR: &str = r#"
#[derive(Debug)]
pub struct Refused(pub u64);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is too much", self.0)
    }
}

impl std::error::Error for Refused {}
"#;

enum Kind {
    Call,
    Async,
    Cast,
}

fn kind(handler: usize) -> Kind {
    match handler % 4 {
        0 | 1 => Kind::Call,
        2 => Kind::Async,
        _ => Kind::Cast,
    }
}

/// The user's own part of a handler.
fn function(at: usize) -> String {
    match kind(at) {
        Kind::Call => format!(
            "    pub fn h{at}(&self, key: String, by: u64) -> u64 {{
        self.n + by + key.len() as u64
    }}\n"
        ),
        Kind::Async => format!(
            "    pub async fn h{at}(&mut self, key: String, by: u64) -> Result<u64, Refused> {{
        std::future::ready(()).await;
        self.n += by + key.len() as u64;
        if self.n > 1_000 {{ Err(Refused(self.n)) }} else {{ Ok(self.n) }}
    }}\n"
        ),
        Kind::Cast => format!(
            "    pub fn h{at}(&mut self, key: String, by: u64) {{
        self.n += by + key.len() as u64;
    }}\n"
        ),
    }
}

fn functions(handlers: usize, attribute: impl Fn(Kind) -> &'static str) -> String {
    let of = |at| {
        format!(
            "    /// Does what it says, or says why not.\n{}{}",
            attribute(kind(at)),
            function(at)
        )
    };
    (0..handlers).map(of).collect()
}

pub fn generated(servers: usize, handlers: usize) -> String {
    let mut out = format!("use noex::prelude::*;\n{ERROR}");
    for server in 0..servers {
        let functions = functions(handlers, |kind| match kind {
            Kind::Cast => "    #[cast]\n",
            _ => "    #[call]\n",
        });
        let _ = write!(
            out,
            "
/// A server.
pub struct S{server} {{
    n: u64,
}}

#[gen_server(mailbox = 256)]
impl S{server} {{
    /// Begins.
    #[init]
    pub fn new(n: u64) -> Self {{
        Self {{ n }}
    }}
{functions}}}
"
        );
    }
    out
}

pub fn by_hand(servers: usize, handlers: usize) -> String {
    let mut out = format!(
        "use noex::__private::{{Body, PhantomData, Seat, life}};
use noex::{{
    Call, CastError, Child, ChildSpec, Ctx, ExitReason, GenServer, Init, Name, Now, Options, Process, Reply, Start,
    Target,
}};
{ERROR}"
    );
    for server in 0..servers {
        by_hand_server(&mut out, server, handlers);
    }
    out
}

fn by_hand_server(out: &mut String, server: usize, handlers: usize) {
    let functions = functions(handlers, |_| "");
    let (mut variants, mut methods) = (String::new(), String::new());
    let (mut now, mut later) = (String::new(), String::new());
    let (mut indices, mut names) = (String::new(), String::new());
    for at in 0..handlers {
        let message = format!("Message{server}");
        let (reply, returns) = match kind(at) {
            Kind::Call => ("reply: Reply<u64>", format!("Call<'_, S{server}, u64>")),
            Kind::Async => (
                "reply: Reply<u64, Refused>",
                format!("Call<'_, S{server}, u64, Refused>"),
            ),
            Kind::Cast => ("", format!("Result<(), CastError<{message}>>")),
        };
        let _ = writeln!(
            variants,
            "    /// Does what it says, or says why not.\n    H{at} {{ key: String, by: u64, {reply} }},"
        );
        let send = match kind(at) {
            Kind::Cast => format!("self.0.cast({message}::H{at} {{ key, by }})"),
            _ => format!("self.0.call(None, move |reply| {message}::H{at} {{ key, by, reply }})"),
        };
        let _ = writeln!(
            methods,
            "    /// Does what it says, or says why not.
    pub fn h{at}(&self, key: String, by: u64) -> {returns} {{
        {send}
    }}"
        );
        let begin = "if let Some(reply) = cx.__begin(reply)";
        let _ = match kind(at) {
            Kind::Call => writeln!(
                now,
                "            {message}::H{at} {{ key, by, reply }} => {{
                {begin} {{
                    let value = self.h{at}(key, by);
                    cx.__settle(reply, value);
                }}
            }}"
            ),
            Kind::Async => writeln!(
                later,
                "            {message}::H{at} {{ key, by, reply }} => {{
                {begin} {{
                    let value = self.h{at}(key, by).await;
                    cx.__complete(reply, value);
                }}
            }}"
            ),
            Kind::Cast => writeln!(
                now,
                "            {message}::H{at} {{ key, by }} => self.h{at}(key, by),"
            ),
        };
        let _ = writeln!(indices, "            {message}::H{at} {{ .. }} => {at},");
        let _ = write!(names, "\"h{at}\", ");
    }
    let _ = write!(
        out,
        "
/// A server.
pub struct S{server} {{
    n: u64,
}}

/// What it can be sent.
pub enum Message{server} {{
{variants}}}

/// A handle of it.
#[derive(Clone, Debug)]
pub struct S{server}Ref(Process<S{server}>);

impl std::ops::Deref for S{server}Ref {{
    type Target = Process<S{server}>;
    fn deref(&self) -> &Self::Target {{
        &self.0
    }}
}}

impl From<Target> for S{server}Ref {{
    fn from(target: Target) -> Self {{
        Self(target.into())
    }}
}}

impl S{server}Ref {{
{methods}}}

impl Child for S{server} {{
    type Ref = S{server}Ref;
}}

impl GenServer for S{server} {{
    type Message = Message{server};
    type Continue = std::convert::Infallible;
    const TYPE: &'static str = \"S{server}\";
    const OPTIONS: Options = Options {{ mailbox: 256, ..Options::DEFAULT }};
    const HANDLERS: &'static [&'static str] = &[{names}];

    fn handle_now(&mut self, message: Message{server}, cx: &mut Ctx<Self>) -> Now<Message{server}> {{
        match message {{
{now}            other => return Now::Await(other),
        }}
        Now::Done(Ok(()))
    }}

    async fn handle(&mut self, message: Message{server}, cx: &mut Ctx<Self>) -> Result<(), ExitReason> {{
        match message {{
{later}            _ => {{}}
        }}
        Ok(())
    }}

    async fn handle_continue(&mut self, step: Self::Continue, _: &mut Ctx<Self>) -> Result<(), ExitReason> {{
        match step {{}}
    }}

    fn handler_index(message: &Message{server}) -> usize {{
        match message {{
{indices}        }}
    }}
}}

impl S{server} {{
    /// Begins.
    pub fn new(n: u64) -> Self {{
        Self {{ n }}
    }}
    /// Starts it.
    pub fn start(n: u64) -> Start<Self> {{
        Start::new(move |seat| Self::body(seat, n))
    }}
    /// Starts it under a name.
    pub fn start_as(name: impl Into<Name>, n: u64) -> Start<Self> {{
        Self::start(n).name(name)
    }}
    /// Starts it in a tree.
    pub fn child_spec(n: u64) -> ChildSpec {{
        ChildSpec::new::<Self>(\"S{server}\", move || Self::start(n))
    }}
    fn body(seat: Seat<Self>, n: u64) -> Body {{
        Box::pin(life(PhantomData, seat, move |cx| async move {{ (Ok(Init::ready(Self::new(n))), cx) }}))
    }}
{functions}}}
"
    );
}
