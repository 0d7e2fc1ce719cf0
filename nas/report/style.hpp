#pragma once

#include <string_view>

namespace nas {

/// The report's style sheet.
inline constexpr std::string_view kReportStyle = R"css(
:root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff; --soft: #6a737d; --line: #d9dee4;
  --accent: #0a66c2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --paper: #14171c; --soft: #98a2ae;
  --line: #333a44; --accent: #6cb2ff; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.7rem; margin: .2rem 0; } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; }
.lead { font-size: 1.08rem; }
.figures { display: flex; flex-wrap: wrap; gap: .7rem; margin: 1.2rem 0; }
.figure { border: 1px solid var(--line); border-radius: .6rem; padding: .55rem .9rem; }
.figure b { display: block; font-size: 1.2rem; } .figure span { color: var(--soft);
  font-size: .85rem; }
figure { margin: 0 0 1rem; } figcaption { color: var(--soft); font-size: .9rem; }
svg { max-width: 100%; height: auto; } svg.cell { max-height: 24rem; width: 100%; }
.chart text { fill: var(--soft); font-size: 12px; } .chart .grid { stroke: var(--line); }
.chart circle { fill: var(--accent); fill-opacity: .55; }
.chart .best { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; }
th, td { text-align: left; padding: .25rem .7rem .25rem 0; border-bottom: 1px solid var(--line);
  white-space: nowrap; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: color-mix(in srgb, var(--line) 35%, transparent);
  padding: .7rem; border-radius: .5rem; }
summary { cursor: pointer; margin: .8rem 0; }
@media print { details { display: none; } }
)css";

}  // namespace nas
