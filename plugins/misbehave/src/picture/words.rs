//! What it does, in words.

use super::scene::{Motion, Scene};
use crate::engine::{Event, Lane, Settings, Trigger};

/// One short line: what sounds or comes next, or why nothing does.
pub(super) fn of(scene: &Scene, names: &[String]) -> String {
    let (settings, pre_roll) = (&scene.settings, scene.pre_roll_samples());
    if settings.bypass {
        return "bypassed".into();
    }
    let mut words = match idle(settings) {
        Some(why) => format!("idle: {why}"),
        None => event(scene, names),
    };
    if settings.hold && scene.motion != Motion::Stands {
        words = format!("held \u{b7} {words}");
    } else if pre_roll > 0 {
        words += &format!(" \u{b7} pre-roll {:.1} s", pre_roll as f64 / scene.spec.sample_rate);
    }
    words
}

/// Why nothing ever happens, if that is so.
fn idle(settings: &Settings) -> Option<&'static str> {
    let called = settings.fire.contains(&true) || settings.trigger != Trigger::Itself;
    match settings {
        _ if settings.mix == 0.0 => Some("Mix is 0 %"),
        _ if called || settings.rise > 0.0 => None,
        _ if settings.activity == 0.0 => Some("Activity is 0 %"),
        _ if settings.weights == [0.0; Lane::COUNT] => Some("all lanes are at 0 %"),
        _ => None,
    }
}

/// What sounds; else what comes next, and when.
fn event(scene: &Scene, names: &[String]) -> String {
    let name = |event: &Event| names[event.lane as usize].as_str();
    let sounding: Vec<&str> = scene.heard.sounding.iter().flatten().map(name).collect();
    if !sounding.is_empty() {
        return sounding.join(" + ");
    }
    let next = scene.coming.events.iter().min_by_key(|event| event.start_sample);
    match next {
        Some(next) if scene.motion == Motion::Stands => format!("stopped \u{b7} next: {}", name(next)),
        Some(next) => {
            let wait = (next.start_sample - scene.song.sample) as f64 / scene.spec.sample_rate;
            format!("next: {} in {wait:.1} s", name(next))
        }
        None if scene.settings.trigger == Trigger::Notes => "waiting for notes".into(),
        None if scene.settings.rise > 0.0 => "rising".into(),
        None => "nothing soon".into(),
    }
}
