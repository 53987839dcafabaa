//! The kinds of handlers and the attributes that declare them.

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Init,
    Call,
    Cast,
    Info,
    Down,
    Exit,
    Idle,
    Continuation,
    Terminate,
    Status,
}

/// The attributes, and the kind of each when it stands without options.
const ATTRIBUTES: [(&str, Kind); 7] = [
    ("init", Kind::Init),
    ("call", Kind::Call),
    ("cast", Kind::Cast),
    ("info", Kind::Info),
    ("continuation", Kind::Continuation),
    ("terminate", Kind::Terminate),
    ("status", Kind::Status),
];

/// What `#[info(..)]` can be about besides plain messages.
pub(crate) const SIGNALS: [(&str, Kind); 3] = [
    ("down", Kind::Down),
    ("exit", Kind::Exit),
    ("idle", Kind::Idle),
];

/// Words of Erlang, Elixir and other actor libraries, and what noex calls the same thing.
const FOREIGN: [(&str, &str); 30] = [
    ("continue", "continuation"),
    ("continue_", "continuation"),
    ("handle_continue", "continuation"),
    ("interval", "info"),
    ("timer", "info"),
    ("handle_call", "call"),
    ("handle_cast", "cast"),
    ("handle_info", "info"),
    ("message", "call"),
    ("messages", "call"),
    ("handler", "call"),
    ("handle", "call"),
    ("ask", "call"),
    ("tell", "cast"),
    ("started", "init"),
    ("on_start", "init"),
    ("stopped", "terminate"),
    ("on_stop", "terminate"),
    ("format_status", "status"),
    ("pre_start", "init"),
    ("post_start", "init"),
    ("stopping", "terminate"),
    ("post_stop", "terminate"),
    ("on_exit", "terminate"),
    ("on_message", "call"),
    ("down", "info(down)"),
    ("exit", "info(exit)"),
    ("idle", "info(idle)"),
    ("deferred", "call(deferred)"),
    ("spawn", "call(spawn)"),
];

impl Kind {
    pub(crate) fn of_attribute(word: &str) -> Option<Self> {
        let known = ATTRIBUTES.iter().find(|known| known.0 == word);
        known.map(|known| known.1)
    }

    /// The attribute's name; `Down`, `Exit` and `Idle` are all `info`.
    pub(crate) fn attribute(self) -> &'static str {
        let known = ATTRIBUTES.iter().find(|known| known.1 == self);
        known.map_or("info", |known| known.0)
    }

    /// The attribute as the user writes it.
    pub(crate) fn written(self) -> String {
        match SIGNALS.iter().find(|known| known.1 == self) {
            Some((signal, _)) => format!("#[info({signal})]"),
            None => format!("#[{}]", self.attribute()),
        }
    }

    /// Handlers that a ref has a method for.
    pub(crate) fn is_on_ref(self) -> bool {
        matches!(self, Self::Call | Self::Cast)
    }

    /// Handlers whose arguments travel in the message enum.
    pub(crate) fn is_message(self) -> bool {
        matches!(self, Self::Call | Self::Cast | Self::Info)
    }

    /// Handlers whose arguments travel in any enum.
    pub(crate) fn has_fields(self) -> bool {
        self.is_message() || self == Self::Continuation
    }

    /// Handlers of which a server has one at most.
    pub(crate) fn is_single(self) -> bool {
        !self.has_fields()
    }
}

/// What a function would be that is called like the callbacks of OTP.
pub(crate) fn of_callback(name: &str) -> Option<&'static str> {
    let known = FOREIGN.iter().find(|known| known.0 == name);
    known
        .filter(|_| name.starts_with("handle_"))
        .map(|known| known.1)
}

/// The attribute that an unknown word probably means.
pub(crate) fn meant(word: &str) -> Option<&'static str> {
    if let Some((_, meant)) = FOREIGN.iter().find(|known| known.0 == word) {
        return Some(meant);
    }
    // Attributes of other macros must not be touched, so only the closest typing errors count.
    let names: Vec<_> = ATTRIBUTES.iter().map(|known| known.0).collect();
    let near = crate::diag::did_you_mean(word, &names)?;
    (word.len().abs_diff(near.len()) <= 1 && word != "cold" && word != "test").then_some(near)
}
