//! The ambient call context: deadlines, cancellation and request ids travel with nested calls, and
//! circles of calls are found.

mod cancelled;
mod cycles;
mod deadlines;
mod node;
mod several;
