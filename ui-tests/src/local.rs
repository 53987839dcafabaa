//! Servers from a macro, and servers inside of functions.

use noex::prelude::*;

/// Makes servers that hold one value.
macro_rules! holders {
    ($($(#[$doc:meta])* $name:ident: $ty:ty, $body:block;)*) => { $(
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name($ty);

        #[gen_server]
        impl $name {
            /// Holds this.
            #[init]
            pub fn new(value: $ty) -> Self {
                Self(value)
            }
            /// The value, and more.
            #[call]
            pub fn with(&self, more: $ty) -> $ty {
                $body
                self.0.clone() + &more
            }
        }
    )* };
}

holders! {
    /// Holds a text.
    Text: String, {};
    /// Holds another.
    Other: String, {};
}

/// A server that only this function knows.
pub async fn inside() -> u8 {
    /// Answers.
    struct Local;

    #[gen_server]
    impl Local {
        #[call]
        fn answer(&self) -> u8 {
            42
        }
    }

    let Ok(local) = Local.start().await else {
        return 0;
    };
    local.answer().await.unwrap_or_default()
}
