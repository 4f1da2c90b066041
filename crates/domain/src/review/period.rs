//! Review periods: half-open, contiguous per product. A hole or an overlap cannot be closed over.

use jiff::Timestamp;

use crate::model::product::ProductId;

/// Why a period cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidPeriod {
    /// The period ends before it begins, or is empty.
    #[error("open a review from {start} to {end}: a period needs a beginning before its end")]
    Empty {
        /// Beginning asked for.
        start: Timestamp,
        /// End asked for.
        end: Timestamp,
    },
    /// The products' last periods end at different moments.
    #[error(
        "open one review for {first} and {second}: their last periods end at {first_end} and {second_end}; review them apart, or bring one up to the other"
    )]
    Uneven {
        /// One product.
        first: ProductId,
        /// Where its last period ends.
        first_end: Timestamp,
        /// Another product.
        second: ProductId,
        /// Where its last period ends.
        second_end: Timestamp,
    },
}

/// The period of the next review of some products: from where their last one ended (or monitoring began) to `end`.
///
/// `last_ends` holds each product with the end of its last period, or the moment its monitoring began.
pub fn next(last_ends: &[(ProductId, Timestamp)], end: Timestamp) -> Result<(Timestamp, Timestamp), InvalidPeriod> {
    let Some((first, start)) = last_ends.first() else {
        return Err(InvalidPeriod::Empty { start: end, end });
    };
    if let Some((second, second_end)) = last_ends.iter().find(|(_, other)| other != start) {
        return Err(InvalidPeriod::Uneven {
            first: first.clone(),
            first_end: *start,
            second: second.clone(),
            second_end: *second_end,
        });
    }
    if *start >= end {
        return Err(InvalidPeriod::Empty { start: *start, end });
    }
    Ok((*start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a timestamp")
    }

    fn pump(end: &str) -> (ProductId, Timestamp) {
        (ProductId("infusion-pump".to_owned()), at(end))
    }

    #[test]
    fn the_next_period_begins_where_the_last_one_ended() {
        let period = next(&[pump("2021-12-01T00:00:00Z")], at("2022-01-01T00:00:00Z"));
        assert_eq!(period, Ok((at("2021-12-01T00:00:00Z"), at("2022-01-01T00:00:00Z"))));
    }

    #[test]
    fn products_with_different_ends_cannot_share_a_period() {
        let gateway = (ProductId("gateway".to_owned()), at("2021-11-01T00:00:00Z"));
        assert!(matches!(
            next(&[pump("2021-12-01T00:00:00Z"), gateway], at("2022-01-01T00:00:00Z")),
            Err(InvalidPeriod::Uneven { .. })
        ));
    }

    #[test]
    fn an_empty_period_is_refused() {
        assert!(matches!(
            next(&[pump("2022-01-01T00:00:00Z")], at("2022-01-01T00:00:00Z")),
            Err(InvalidPeriod::Empty { .. })
        ));
    }
}
