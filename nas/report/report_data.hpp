#pragma once

#include <cstddef>
#include <string>

#include "nas/core/json_fwd.hpp"
#include "nas/report/report_input.hpp"

namespace nas {

/// What the charts and the table of a report are drawn from, by columns and with six digits, so
/// that ten thousand trials stay small. nas/report/page/charts.js reads it:
///   name, objectives [{metric, goal}], front [place...] (of several objectives)
///   trials {from, number, job, state, started, seconds, budget, arch, reason: [...],
///           metrics: {name: [number or null]}}, those from place `from` on; job and state are
///           places in jobs and states, started is in seconds after the first trial
///   choices [{name, options or null, log, values: [number or null by trial, from `from` on]}]
///   curves [{title, unit, curves: [{label, x, y}]}], trial_curves [{number, metrics: {name: {x,
///           y}}}], supernets [{number, groups: [{name, options, epochs: [[[...]]]}], epochs,
///           metrics: {name: [...]}}]
/// A reader has the first `kept` trials from before; `from` is less where they read otherwise now.
Json report_data(const ReportInput& input, size_t kept = 0);

/// JSON that can stand inside a script element whatever its texts hold.
std::string script_json(const Json& json);

}  // namespace nas
