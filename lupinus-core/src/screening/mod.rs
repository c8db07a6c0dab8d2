//! Personal information in text.
