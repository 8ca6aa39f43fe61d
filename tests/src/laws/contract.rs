//! Laws of the contract with projects and presets: state, frozen parameters, and presets that keep their level.

use std::fmt::Write;
use std::path::PathBuf;

use nice_plug::plugin::ParamValue;
use nice_plug::prelude::*;

use super::{Subject, Values};
use crate::meters::loudness;
use crate::rig::{Motion, Rig, Run};
use crate::signals;

/// Law 11, in this process: whatever a state holds, what is loaded is whole and within range. Saving and loading
/// through CLAP and VST3, and damaged files, are tried on the built bundles.
pub fn state<P: Plugin>(_: &Subject<P>) {
    let rig = Rig::<P>::new(48_000.0, 2, &[]);
    let wrong = [
        ParamValue::F32(1e9),
        ParamValue::F32(-1e9),
        ParamValue::F32(f32::NAN),
        ParamValue::I32(99),
        ParamValue::String("zz".into()),
        ParamValue::Bool(true),
    ];
    for value in wrong {
        let params = rig.ids().into_iter().map(|id| (id, value.clone())).collect();
        let mut state = PluginState { version: "9.9.9".into(), params, fields: Default::default() };
        P::filter_state(&mut state);
        assert_eq!(state.params.keys().cloned().collect::<Vec<_>>(), sorted(rig.ids()));
        for (id, value) in &state.params {
            // SAFETY: the pointer is to a parameter of `rig`, which is alive.
            let within = |x: f32| unsafe {
                let (a, b) = (rig.param(id).preview_plain(0.0), rig.param(id).preview_plain(1.0));
                (a.min(b)..=a.max(b)).contains(&x)
            };
            let fits = match (rig.param(id), value) {
                (ParamPtr::FloatParam(_), ParamValue::F32(x)) => within(*x),
                (ParamPtr::IntParam(_), ParamValue::I32(x)) => within(*x as f32),
                (ParamPtr::BoolParam(_), ParamValue::Bool(_)) | (ParamPtr::EnumParam(_), ParamValue::String(_)) => true,
                _ => false,
            };
            assert!(fits, "{id}: {value:?}");
        }
    }
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

/// Law 12: the parameters are those of the golden file. `GREEN_RING_GOLDEN=1` writes it anew; its diff is a breaking
/// change.
pub fn frozen<P: Plugin>(subject: &Subject<P>) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden").join(subject.name).with_extension("txt");
    let list = list(&Rig::<P>::new(48_000.0, 2, &[]));
    if std::env::var_os("GREEN_RING_GOLDEN").is_some() {
        std::fs::write(&path, &list).expect("the golden file can be written");
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    let strays: Vec<_> = list.lines().filter(|line| !golden.lines().any(|g| g == *line)).collect();
    assert!(golden == list, "parameters differ from {}; new or changed: {strays:#?}", path.display());
}

fn list<P: Plugin>(rig: &Rig<P>) -> String {
    let mut list = String::from("id | name | group | default | lowest | middle | highest | steps | automated\n");
    for id in rig.ids() {
        let param = rig.param(&id);
        // SAFETY: the pointer is to a parameter of `rig`, which is alive.
        unsafe {
            assert!(id.len() <= 6 && id.is_ascii(), "\"{id}\" is longer than 6 characters");
            let text = |x| param.normalized_value_to_string(x, true);
            let steps = param.step_count().map_or("-".into(), |n| n.to_string());
            let automated = if param.flags().contains(ParamFlags::NON_AUTOMATABLE) { "no" } else { "yes" };
            let (default, group) = (text(param.default_normalized_value()), rig.group(&id));
            let (low, middle, high) = (text(0.0), text(0.5), text(1.0));
            writeln!(
                list,
                "{id} | {} | {group} | {default} | {low} | {middle} | {high} | {steps} | {automated}",
                param.name()
            )
            .expect("a string takes all");
        }
    }
    list
}

/// Every factory preset loads, sounds finite, keeps the level of a voice at -20 LUFS within 3 LU, and makes pink noise at
/// most 3 LU louder. It may take more of the noise, as a small loudspeaker does: voices and music lie where that has its
/// band.
pub fn presets<P: Plugin>(subject: &Subject<P>) {
    assert!(!subject.presets.is_empty(), "there are no factory presets");
    let rate = 48_000.0;
    let at = |sound| signals::at_loudness(sound, rate, -20.0);
    let frames = 10 * rate as usize;
    let (noise, voice) = (at(signals::pink(0.5, rate, 1, 2, frames)), at(signals::babble(rate, 3, 2, frames)));
    for file in subject.presets {
        let mut rig = Rig::<P>::new(rate, 2, &[] as Values);
        let name = rig.load(file);
        let [voice, noise] = [&voice, &noise].map(|sound| {
            rig.activate();
            let out = rig.run(&Run { motions: &[Motion::from(0)], ..Run::of(sound) });
            let settled: Vec<Vec<f32>> = out.iter().map(|c| c[2 * rate as usize..].to_vec()).collect();
            loudness(&settled, rate) + 20.0
        });
        assert!(voice.abs() <= 3.0 && noise <= 3.0, "\"{name}\": {voice:+.1} LU, noise {noise:+.1} LU");
    }
}
