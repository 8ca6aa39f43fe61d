//! The bands of the picture: equal steps of pitch from the lowest to the highest that is drawn.

/// Bands in the picture.
pub(crate) const BANDS: usize = 96;

const LOWEST_HZ: f32 = 50.0;
const HIGHEST_HZ: f32 = 16_000.0;

/// One value for each band.
pub(crate) type Bands = [f32; BANDS];

/// Frequency in the middle of band `band`, which may lie between two.
pub(crate) fn hz(band: f32) -> f32 {
    LOWEST_HZ * (HIGHEST_HZ / LOWEST_HZ).powf(band / (BANDS - 1) as f32)
}

/// Where frequency `hz` lies between the lowest (0) and the highest (1).
pub(crate) fn across(hz: f32) -> f32 {
    (hz / LOWEST_HZ).ln() / (HIGHEST_HZ / LOWEST_HZ).ln()
}
