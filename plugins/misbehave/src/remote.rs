//! The pages of a controller: the eight that a mixer automates come first.

use nice_plug::prelude::*;

use crate::params::MisbehaveParams;

/// Lays out every parameter that is automated, eight a page.
pub(crate) fn pages(params: &MisbehaveParams, context: &mut impl RemoteControlsContext) {
    let MisbehaveParams { time, lanes, fire, out, .. } = params;
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
        section.add_page("Fire and grid", |page| {
            page.add_param(&fire.stutter);
            page.add_param(&fire.reverse);
            page.add_param(&fire.scatter);
            page.add_param(&fire.gate);
            page.add_param(&time.grid);
            page.add_param(&time.grid_time);
            page.add_param(&time.reach);
            page.add_param(&time.repeat);
        });
        section.add_page("Output", |page| {
            page.add_param(&out.output);
            page.add_param(&time.seed);
        });
    });
}
