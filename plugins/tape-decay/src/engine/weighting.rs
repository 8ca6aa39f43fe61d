//! How much a movement of speed is heard, by its rate.

/// AES6-2008 (the same curve as IEC 60386 and DIN 45507): rate of the movement in Hz, weight in dB.
const TABLE: [(f64, f64); 17] = [
    (0.1, -48.0),
    (0.2, -30.6),
    (0.315, -19.7),
    (0.4, -15.0),
    (0.63, -8.4),
    (0.8, -6.0),
    (1.0, -4.2),
    (1.6, -1.8),
    (2.0, -0.9),
    (4.0, 0.0),
    (6.3, -0.9),
    (10.0, -2.1),
    (20.0, -5.9),
    (40.0, -10.4),
    (63.0, -14.2),
    (100.0, -17.3),
    (200.0, -23.0),
];

/// The weight, as a factor, of a movement at `hz`: the table, straight between its points in dB over octaves and
/// straight on beyond its ends.
pub fn weight(hz: f64) -> f64 {
    let next = TABLE.iter().position(|(at, _)| *at > hz).unwrap_or(TABLE.len()).clamp(1, TABLE.len() - 1);
    let ((low_hz, low_db), (high_hz, high_db)) = (TABLE[next - 1], TABLE[next]);
    let db = low_db + (high_db - low_db) * (hz / low_hz).ln() / (high_hz / low_hz).ln();
    10f64.powf(db / 20.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_met_and_the_ends_go_on() {
        for (hz, db) in TABLE {
            assert!((20.0 * weight(hz).log10() - db).abs() < 1e-9);
        }
        assert!((20.0 * weight(400.0).log10() + 28.7).abs() < 0.1);
        assert!(weight(0.05) < weight(0.1) && weight(0.05) > 0.0);
    }
}
