//! Placeholder, replaced with the first slice.
