//! Peak levels.

/// The largest magnitude in the first `frames` of all channels; a NaN counts as infinite.
pub fn peak(channels: &[Vec<f32>], frames: usize) -> f32 {
    let samples = channels.iter().flat_map(|channel| &channel[..frames]);
    let magnitude = |sample: &f32| if sample.is_nan() { f32::INFINITY } else { sample.abs() };
    samples.map(magnitude).fold(0.0, f32::max)
}

/// A magnitude in words, full scale at 0 dBFS.
pub fn dbfs(magnitude: f32) -> String {
    match magnitude {
        0.0 => "silent".to_owned(),
        magnitude => format!("{:.1} dBFS", 20.0 * magnitude.log10()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_and_their_words() {
        let channels = vec![vec![0.1, -0.5, 9.0], vec![0.2, 0.0, 9.0]];
        assert_eq!(peak(&channels, 2), 0.5);
        assert_eq!(peak(&[vec![0.0, f32::NAN]], 2), f32::INFINITY);
        assert_eq!(dbfs(0.5), "-6.0 dBFS");
        assert_eq!(dbfs(0.0), "silent");
    }
}
