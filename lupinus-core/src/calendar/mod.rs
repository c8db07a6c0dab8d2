//! Opening hours, public holidays and dates as people write them.
