//! The pages of a controller: the eight that a mixer automates come first.

use nice_plug::prelude::*;

use crate::params::DreamReverbParams;

/// Lays out what is automated, at most eight a page.
pub(crate) fn pages(params: &DreamReverbParams, context: &mut impl RemoteControlsContext) {
    let DreamReverbParams { dream, room, tail, tone, scene, movement, out, .. } = params;
    context.add_section("Dream Reverb", |section| {
        section.add_page("Mix", |page| {
            page.add_param(&dream.dream);
            page.add_param(&out.mix);
            page.add_param(&tail.decay);
            page.add_param(&dream.decay);
            page.add_param(&room.size);
            page.add_param(&scene.freeze);
            page.add_param(&scene.silence);
            page.add_param(&out.output);
        });
        section.add_page("Dream", |page| {
            page.add_param(&dream.swell);
            page.add_param(&dream.reverse);
            page.add_param(&dream.grains);
            page.add_param(&dream.shimmer);
            page.add_param(&dream.choir);
            page.add_param(&dream.drone);
            page.add_param(&movement.drift);
            page.add_param(&scene.recede);
        });
        section.add_page("Voices", |page| {
            page.add_param(&dream.shimmer_pitch);
            page.add_param(&dream.reverse_length);
            page.add_param(&dream.reverse_time);
            page.add_param(&dream.grain_size);
            page.add_param(&dream.grain_spray);
            page.add_param(&dream.vowel);
            page.add_param(&movement.motion);
            page.add_param(&out.width);
        });
        section.add_page("Room", |page| {
            page.add_param(&room.pre_delay);
            page.add_param(&room.pre_delay_sync);
            page.add_param(&room.early);
            page.add_param(&room.diffusion);
            page.add_param(&room.glide);
            page.add_param(&tone.low_cut);
            page.add_param(&tone.high_cut);
            page.add_param(&scene.infinite);
        });
        section.add_page("Tail", |page| {
            page.add_param(&tail.low_decay);
            page.add_param(&tail.low_crossover);
            page.add_param(&tail.high_decay);
            page.add_param(&tail.high_crossover);
            page.add_param(&scene.silence_time);
            page.add_param(&scene.duck);
            page.add_param(&scene.duck_from);
            page.add_param(&movement.seed);
        });
    });
}
