//! A cloud of grains out of the record.
//!
//! Grains begin at even distances and each is read from a place of its own, so the cloud is dense without a beat. What
//! overlaps is unrelated sound whose powers add: the gain follows from the sum of the squared windows.

use green_ring_dsp::chance::Chance;

use super::record::{Frame, Record};

/// Grains at once at most.
pub(super) const GRAINS: usize = 32;

/// How a cloud is made. Lengths in samples.
#[derive(Clone, Copy, Debug)]
pub(super) struct Weather {
    /// What the grains' places, directions and sides are looked up by, and the first of the addresses.
    pub chance: Chance,
    pub address: i64,
    /// Addresses that are there for this cloud.
    pub addresses: i64,
    /// Song samples that grains lie within.
    pub from: i64,
    pub to: i64,
    pub grain: i64,
    /// The slopes of a grain's window, at most half of it.
    pub slope: i64,
    /// Grains at once.
    pub density: i64,
    /// Share of grains that are read backwards.
    pub backward: f32,
}

#[derive(Clone, Copy, Debug, Default)]
struct Grain {
    at: i64,
    stride: i64,
    age: i64,
    gains: Frame,
}

/// A cloud as it passes.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    weather: Weather,
    grains: [Grain; GRAINS],
    count: i64,
    wait: i64,
    gain: f32,
    /// Share of a slope that a sample is.
    rise: f32,
}

impl Cloud {
    pub fn new(weather: Weather) -> Self {
        let idle = Grain { age: weather.grain, ..Grain::default() };
        // Mean square of a window whose slopes are minimum-jerk: 1 on top, 0.3918 on the slopes.
        let share = 2.0 * weather.slope as f32 / weather.grain as f32;
        let power = weather.density as f32 * (1.0 - share + share * 0.3918);
        let mut cloud = Self {
            weather,
            grains: [idle; GRAINS],
            count: 0,
            wait: 0,
            gain: power.sqrt().recip(),
            rise: rise(weather.slope),
        };
        // It is there at once, as if it had come up before: dense from its first frame.
        for _ in 0..weather.density {
            cloud.begin();
            cloud.pass();
        }
        cloud
    }

    /// Lets the time until the next grain pass unheard.
    fn pass(&mut self) {
        for grain in &mut self.grains {
            grain.age += self.wait;
            grain.at += self.wait * grain.stride;
        }
        self.wait = 0;
    }

    /// The next frame.
    #[inline]
    pub fn next(&mut self, record: &Record) -> Frame {
        if self.wait == 0 {
            self.begin();
        }
        self.wait -= 1;
        let mut sum = [0.0; 2];
        for grain in self.grains.iter_mut().filter(|grain| grain.age < self.weather.grain) {
            let weight = window(grain.age, self.weather.grain, self.rise);
            for ((sum, x), gain) in sum.iter_mut().zip(record.frame(grain.at)).zip(grain.gains) {
                *sum += weight * gain * x;
            }
            grain.at += grain.stride;
            grain.age += 1;
        }
        sum
    }

    fn begin(&mut self) {
        let Weather { chance, address, addresses, from, to, grain, density, backward, .. } = self.weather;
        let [place, turn, side, _] = chance.uniform(address + self.count % addresses);
        let room = (to - from - grain).max(0) + 1;
        let first = from + (f64::from(place) * room as f64) as i64;
        // Each grain a little to one side, at the same power.
        let angle = std::f32::consts::FRAC_PI_4 * (0.5 + side);
        let gains = [angle.cos(), angle.sin()].map(|g| g * std::f32::consts::SQRT_2 * self.gain);
        let (at, stride) = if turn < backward { (first + grain - 1, -1) } else { (first, 1) };
        self.grains[self.count as usize % GRAINS] = Grain { at, stride, age: 0, gains };
        self.count += 1;
        // Even distances on the whole, whatever the grain's length is divided by.
        self.wait = self.count * grain / density - (self.count - 1) * grain / density;
    }
}

fn rise(slope: i64) -> f32 {
    1.0 / (slope + 1) as f32
}

/// A grain's window: flat, with minimum-jerk slopes that go by `rise` a sample.
#[inline]
fn window(age: i64, length: i64, rise: f32) -> f32 {
    let t = ((age + 1).min(length - age) as f32 * rise).min(1.0);
    t * t * t * (10.0 + t * (6.0 * t - 15.0))
}

#[cfg(test)]
mod tests {
    use green_ring_dsp::CELL;

    use super::*;

    fn weather(density: i64) -> Weather {
        Weather {
            chance: Chance::new(1, 2),
            address: 0,
            addresses: 1_024,
            from: 0,
            to: 24_000,
            grain: 2_400,
            slope: 1_200,
            density,
            backward: 0.5,
        }
    }

    /// Noise with mean square 1/3.
    fn record() -> Record {
        let (mut record, noise) = (Record::new(32_768), Chance::new(9, 9));
        for cell in 0..1_000 {
            let sound =
                |lane: usize| std::array::from_fn(|k| 2.0 * noise.uniform((cell * CELL + k) as i64)[lane] - 1.0);
            record.write(&[sound(0), sound(1)], CELL);
        }
        record
    }

    #[test]
    fn clouds_of_any_density_are_as_loud_as_what_they_are_made_of() {
        let record = record();
        for density in [1, 4, 7, 32] {
            let mut cloud = Cloud::new(weather(density));
            let power: f64 = (0..96_000)
                .map(|_| cloud.next(&record).iter().map(|x| f64::from(x * x)).sum::<f64>() / 2.0)
                .sum::<f64>()
                / 96_000.0;
            assert!((10.0 * (power * 3.0).log10()).abs() < 0.7, "{density}: {power}");
        }
    }

    #[test]
    fn so_many_grains_sound_at_once() {
        let record = record();
        let mut cloud = Cloud::new(weather(32));
        for _ in 0..10_000 {
            cloud.next(&record);
        }
        let alive = cloud.grains.iter().filter(|grain| grain.age < 2_400).count();
        assert!((31..=32).contains(&alive), "{alive}");
    }

    #[test]
    fn windows_have_no_corner() {
        let shape: Vec<f32> = (0..1_000).map(|age| window(age, 1_000, rise(115))).collect();
        assert!(shape[0] < 1e-5 && shape[999] < 1e-5 && shape[500] == 1.0);
        let bend = shape.windows(3).map(|w| (w[2] - 2.0 * w[1] + w[0]).abs()).fold(0.0, f32::max);
        assert!(bend < 1e-3, "{bend}");
    }
}
