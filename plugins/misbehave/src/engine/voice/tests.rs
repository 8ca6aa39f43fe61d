//! Cuts of single events.

use green_ring_dsp::Song;

use super::{
    super::{align::Aligner, record::Record, speed::Shape},
    *,
};

const RATE: f64 = 48_000.0;

/// Sample and kind of each cut of the event at quarter note 4 that is half a note long, 24 000 samples a quarter.
fn cuts(lane: Lane, settings: Settings) -> Vec<(i64, String)> {
    let mut record = Record::new(1 << 18);
    record.clear(-100_000);
    let ruler = Ruler::new(&settings, &Song::new(true, 0, 120.0, RATE), RATE);
    for _ in 0..8_000 {
        record.write(&[[0.5; 32]; 2], 32);
    }
    let event = Event { lane, step: 16, start: 4.0, start_sample: 96_000, length_samples: 48_000, strength: 1.0 };
    let (aligner, notes) = (Aligner::new(RATE), [0.0; Lane::COUNT]);
    let view = View { settings: &settings, ruler: &ruler, record: &record, aligner: &aligner, notes: &notes };
    let mut voice = Voice::new(event, false, None, &view).unwrap();
    let (mut list, mut now) = (vec![], 96_000);
    while now < event.end_sample() {
        let what = match voice.cut(now, &view) {
            Cut::Splice(Reader::Forward(at), _) => format!("forward {at}"),
            Cut::Splice(Reader::Backward(at, _), _) => format!("backward {at}"),
            Cut::Splice(Reader::Scattered(_), _) => "cloud".into(),
            Cut::Splice(Reader::Silence, _) => "hole".into(),
            Cut::Splice(..) => "over".into(),
            Cut::Open | Cut::End(_) => "dry".into(),
        };
        list.push((now - 96_000, what));
        now = voice.next(false).max(now + 1);
        if list.last().unwrap().0 + 96_000 + voice.fade >= event.end_sample() {
            break;
        }
    }
    list
}

fn order() -> Settings {
    Settings { chaos: 0.0, edge: 0.5, ..Settings::default() }
}

#[test]
fn in_order_a_stutter_repeats_the_first_half_of_the_step_before() {
    let list = cuts(Lane::Stutter, order());
    // 2.4 ms at 48 kHz are 115 samples.
    assert_eq!(list[..3], [0, 3_000, 6_000].map(|at| (at, "forward 90000".to_string())));
    assert_eq!(list.last().unwrap(), &(48_000 - 115, "dry".to_string()));
    assert_eq!(list.len(), 17);
}

#[test]
fn in_order_a_reverse_turns_the_same_length_round_within_reach() {
    assert_eq!(cuts(Lane::Reverse, order())[0], (0, "backward 95999".to_string()));
    let list = cuts(Lane::Reverse, Settings { reach_bars: 0.25, ..order() });
    assert_eq!(list[1], (24_000, "backward 119999".to_string()));
}

#[test]
fn in_order_a_gate_opens_and_closes_and_opens_ahead_of_the_attack() {
    let list = cuts(Lane::Gate, order());
    let want = [(0, "hole"), (3_000 - 115, "dry"), (6_000, "hole"), (9_000 - 115, "dry")];
    assert_eq!(list[..4], want.map(|(at, what)| (at, what.to_string())));
}

#[test]
fn a_scatter_is_one_cloud() {
    let list = cuts(Lane::Scatter, order());
    assert_eq!(list.iter().map(|(_, what)| &what[..]).collect::<Vec<_>>(), ["cloud", "dry"]);
}

#[test]
fn rolls_quicken_and_slow_down_by_a_ratio_and_no_slice_is_too_short() {
    let (mut quicker, mut slower) = (0, 0);
    for seed in 0..200 {
        let list = cuts(Lane::Stutter, Settings { chaos: 1.0, seed, ..order() });
        let gaps: Vec<i64> = list.windows(2).map(|w| w[1].0 - w[0].0).collect();
        let gaps = &gaps[..gaps.len() - 1];
        assert!(gaps.iter().all(|&gap| gap >= 959), "{seed}: {gaps:?}");
        quicker += usize::from(gaps.windows(2).take(3).any(|w| 10 * w[1] < 9 * w[0]));
        slower += usize::from(gaps.windows(2).take(3).any(|w| 10 * w[0] < 9 * w[1]));
    }
    assert!(quicker > 20 && slower > 20, "{quicker} {slower}");
}

#[test]
fn a_roll_that_can_quicken_no_further_begins_anew_on_the_grid() {
    for roll in [0.4, 0.55, 0.8, 1.0] {
        let list = cuts(Lane::Stutter, Settings { stutter_roll: roll, grid_quarters: 0.5, ..order() });
        let gaps: Vec<i64> = list.windows(2).map(|w| w[1].0 - w[0].0).collect();
        // All but what begins a roll, and the last, which the event cuts short.
        let roll_starts: Vec<usize> = (1..gaps.len() - 1).filter(|&k| gaps[k] > gaps[k - 1]).collect();
        assert!(!roll_starts.is_empty(), "{roll}: {gaps:?}");
        for &k in &roll_starts {
            assert!(list[k].0 % 3_000 == 0 && gaps[k] == gaps[0], "{roll}: {gaps:?}");
        }
        let want = f64::from(-roll).exp2();
        let have = gaps[1] as f64 / gaps[0] as f64;
        assert!((have / want - 1.0).abs() < 0.25, "{roll}: {have} instead of {want}");
    }
}

#[test]
fn a_tape_that_runs_ahead_begins_no_further_back_than_reach() {
    for reach_bars in [0.25, 1.0] {
        let settings = Settings { speed_shape: Shape::Ramp, reach_bars, ..order() };
        let ruler = Ruler::new(&settings, &Song::new(true, 0, 120.0, RATE), RATE);
        let (mut record, aligner, notes) = (Record::new(1 << 18), Aligner::new(RATE), [0.0; Lane::COUNT]);
        // Just as much was heard as Reach is long.
        let heard = (reach_bars * 96_000.0) as i64;
        record.clear(96_000 - heard);
        (0..heard / 32).for_each(|_| record.write(&[[0.5; 32]; 2], 32));
        let view = View { settings: &settings, ruler: &ruler, record: &record, aligner: &aligner, notes: &notes };
        for step in 0..50 {
            let event = Event {
                lane: Lane::Speed,
                step,
                start: 4.0,
                start_sample: 96_000,
                length_samples: 96_000,
                strength: 1.0,
            };
            assert!(Voice::new(event, false, None, &view).is_some(), "Reach {reach_bars}");
        }
    }
}

#[test]
fn splices_are_soft_then_short_then_hard() {
    assert!((fade_s(0.0) - 0.005).abs() < 1e-9);
    assert!((fade_s(0.5) - 0.0024).abs() < 1e-9 && (fade_s(0.7) - 0.0024).abs() < 1e-9);
    assert!(fade_s(0.85) > 0.0 && fade_s(1.0) < 1e-9);
}
