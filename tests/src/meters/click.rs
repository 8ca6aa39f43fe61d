//! Clicks: energy above 9 kHz in the worst 5 ms, where the sound itself is a 440 Hz sine.

/// What is listened above, in hertz.
const CUT_HZ: f64 = 9_000.0;
/// The window whose energy is measured, in seconds.
const WINDOW_S: f64 = 0.005;

/// Energy above 9 kHz in each 5 ms of `sound`, the louder channel, re the power of an unprocessed sine of `amplitude`.
pub fn windows(sound: &[Vec<f32>], rate_hz: f64, amplitude: f64) -> Vec<f64> {
    let size = (WINDOW_S * rate_hz) as usize;
    let mut worst = vec![];
    for channel in sound {
        let high = high_pass(channel, rate_hz);
        for (k, window) in high.chunks_exact(size).enumerate() {
            let power = window.iter().map(|x| x * x).sum::<f64>() / size as f64 / (amplitude * amplitude / 2.0);
            match worst.get_mut(k) {
                None => worst.push(power),
                Some(have) => *have = have.max(power),
            }
        }
    }
    worst
}

/// The worst 5 ms as a power ratio; see [`windows`].
pub fn worst(sound: &[Vec<f32>], rate_hz: f64, amplitude: f64) -> f64 {
    windows(sound, rate_hz, amplitude).into_iter().fold(0.0, f64::max)
}

/// Butterworth high-pass of order 8 at 9 kHz: four biquads whose qualities are 1 / (2 cos((2k + 1) pi / 16)).
fn high_pass(x: &[f32], rate_hz: f64) -> Vec<f64> {
    let mut y: Vec<f64> = x.iter().map(|x| f64::from(*x)).collect();
    let w = (std::f64::consts::PI * CUT_HZ / rate_hz).tan();
    for k in 0..4 {
        let damping = 2.0 * ((2 * k + 1) as f64 * std::f64::consts::PI / 16.0).cos();
        let a0 = 1.0 + damping * w + w * w;
        let (a1, a2) = (2.0 * (w * w - 1.0) / a0, (1.0 - damping * w + w * w) / a0);
        let mut s = [0.0f64; 2];
        for y in &mut y {
            let x = *y / a0;
            let out = x + s[0];
            s = [-2.0 * x - a1 * out + s[1], x - a2 * out];
            *y = out;
        }
    }
    y
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signals;

    #[test]
    fn a_click_is_heard_and_a_sine_is_not() {
        let mut sound = signals::sine(440.0, 0.2, 48_000.0, 1, 48_000);
        // The meter's own start is a click: the sine begins at a corner.
        assert!(10.0 * worst(&[sound[0][4_800..].to_vec()], 48_000.0, 0.2).log10() < -25.0);
        let steady = |s: &[Vec<f32>]| windows(s, 48_000.0, 0.2)[20..].iter().fold(0.0f64, |a, b| a.max(*b));
        assert!(10.0 * steady(&sound).log10() < -120.0);
        for x in &mut sound[0][24_000..] {
            *x *= 1.01;
        }
        let click = 10.0 * steady(&sound).log10();
        assert!((-100.0..-60.0).contains(&click), "{click}");
    }

    #[test]
    fn what_lies_above_is_measured_at_its_level() {
        let sound = signals::sine(15_000.0, 0.02, 48_000.0, 1, 48_000);
        let level = 10.0 * windows(&sound, 48_000.0, 0.2)[40].log10();
        assert!((level + 20.0).abs() < 0.3, "{level}");
    }
}
