//! The search agrees with the standard library's, whatever the keys.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn lower_bound_is_the_partition_point(mut keys: Vec<u64>, near in 0_u64..40, pick: prop::sample::Index) {
        keys.extend([0, near, near, u64::MAX]);
        keys.sort_unstable();
        for key in [keys[pick.index(keys.len())], near, near + 1, 0, u64::MAX] {
            prop_assert_eq!(lower_bound(keys.len(), key, |at| keys[at]), keys.partition_point(|other| *other < key));
        }
    }
}

#[test]
fn a_table_that_is_not_sorted_is_searched_without_harm() {
    let keys = [9, 3, u64::MAX, 0, 7];
    for key in [0, 1, 5, 9, u64::MAX] {
        assert!(lower_bound(keys.len(), key, |at| keys[at]) <= keys.len());
    }
}

#[test]
fn times_before_1970_and_absent_ones_are_kept() {
    for time in [None, Some("1969-12-31T23:59:59.25Z".parse().unwrap()), Some("2021-12-10T00:00:00Z".parse().unwrap())]
    {
        let mut row = Row::new([0; 16], [0; 32], 0, 0);
        row.set_modified(time);
        assert_eq!(row.modified(), time);
    }
}
