//! The pages of a controller: the eight that a mixer automates come first.

use nice_plug::prelude::*;

use crate::params::MisbehaveParams;

/// Lays out what is automated, at most eight a page.
pub(crate) fn pages(params: &MisbehaveParams, context: &mut impl RemoteControlsContext) {
    let MisbehaveParams { time, lanes, shapes, fire, rise, song, out, .. } = params;
    context.add_section("Misbehave", |section| {
        section.add_page("Mix", |page| {
            page.add_param(&time.chaos);
            page.add_param(&time.activity);
            page.add_param(&time.edge);
            page.add_param(&out.mix);
            page.add_param(&lanes.stutter);
            page.add_param(&lanes.reverse);
            page.add_param(&lanes.scatter);
            page.add_param(&lanes.gate);
        });
        section.add_page("Fire", |page| {
            for switch in fire.all() {
                page.add_param(switch);
            }
        });
        section.add_page("Rise and growth", |page| {
            page.add_param(&rise.rise);
            page.add_param(&rise.cycle);
            page.add_param(&rise.direction);
            page.add_param(&rise.pitch);
            page.add_param(&song.growth);
            page.add_param(&song.growth_over);
            page.add_param(&song.growth_over_time);
            page.add_param(&song.hold);
        });
        section.add_page("Lanes and drift", |page| {
            page.add_param(&lanes.speed);
            page.add_param(&lanes.crush);
            page.add_param(&lanes.pitch);
            page.add_param(&lanes.feedback);
            page.add_param(&song.drift);
            page.add_param(&song.relock);
        });
        section.add_page("Shapes", |page| {
            page.add_param(&shapes.stutter_roll);
            page.add_param(&shapes.reverse_envelope);
            page.add_param(&shapes.scatter_grains);
            page.add_param(&shapes.scatter_spread);
            page.add_param(&shapes.speed_shape);
            page.add_param(&shapes.speed_amount);
            page.add_param(&shapes.crush_bits);
            page.add_param(&shapes.crush_rate);
        });
        section.add_page("Grid", |page| {
            page.add_param(&shapes.gate_open);
            page.add_param(&shapes.feedback_amount);
            page.add_param(&time.grid);
            page.add_param(&time.grid_time);
            page.add_param(&time.reach);
            page.add_param(&time.repeat);
        });
        section.add_page("Pitch, ceiling, output", |page| {
            page.add_param(&shapes.pitch_interval);
            page.add_param(&shapes.pitch_formants);
            page.add_param(&shapes.feedback_ceiling);
            page.add_param(&out.output);
            page.add_param(&time.seed);
            page.add_param(&song.trigger);
        });
    });
}
