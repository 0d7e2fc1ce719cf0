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
h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; color: var(--soft); font-weight: 600; }
svg { max-width: 100%; height: auto; display: block; }
svg.cell { max-height: 24rem; width: 100%; }
svg.cell text { stroke: var(--paper) !important; paint-order: stroke; }
@media (min-width: 80rem) { figure.long { margin-left: -9rem; margin-right: -9rem; }
  .long figcaption { padding-left: 9rem; } }
svg.chart { width: 100%; } .chart text { fill: var(--soft); font-size: 12px; }
.chart .grid { stroke: var(--line); }
.chart circle { fill: var(--accent); fill-opacity: .55; }
.chart circle.rest { fill: var(--soft); fill-opacity: .35; }
.chart .best { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.chart .band { fill: var(--accent); fill-opacity: .16; }
.bar { height: .8rem; min-width: 1px; background: var(--accent); border-radius: .2rem; }
.chart .failed { stroke: #d1495b; stroke-width: 1.6; }
.chart .curve { fill: none; stroke-width: 2; stroke-linecap: round; }
.legend { margin: .1rem 0 1rem; font-size: .88rem; color: var(--soft); }
.legend span { margin-right: 1rem; white-space: nowrap; }
.legend i { display: inline-block; width: 1.1rem; border-top: 3px solid; margin-right: .4rem;
  vertical-align: middle; }
.c0 { color: #3987e5; } .c1 { color: #d9822b; } .c2 { color: #2e9e5b; } .c3 { color: #c44e9b; }
.c4 { color: #8a6fd1; } .c5 { color: #8c8c8c; } .curve { stroke: currentColor; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; }
th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--line);
  white-space: nowrap; } th { font-weight: 600; }
code, pre { font: .85rem/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { white-space: pre-wrap; background: color-mix(in srgb, var(--line) 35%, transparent);
  padding: .7rem; border-radius: .5rem; }
summary { cursor: pointer; margin: .8rem 0; }
@media (max-width: 40rem) { .chart text { font-size: 19px; }
  svg.cell { min-width: min(var(--least), 60rem); max-width: none; } }
@media print { .trials { display: none; } svg, figure, .figure { break-inside: avoid; }
  details::details-content { display: block; content-visibility: visible; } }
)css";

}  // namespace nas
