//! From documents as received to our model: cut a document into records, translate each record.
//!
//! Both steps are pure. A record that cannot be read costs itself, never the document: it is reported and the rest goes on.
