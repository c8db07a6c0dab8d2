//! What must hold for any bytes. The fuzzer looks for bytes for which it does not.

mod properties;

pub use properties::screen;
