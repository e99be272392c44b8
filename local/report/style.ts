/** Style of the page: light, dark and printed. Colors are variables; the page loads nothing. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --quiet: #5d666f; --paper: #fff; --line: #d8dde2;
  --tint: #f4f6f8; --passed: #14713d; --failed: #b3261e; --event: #1f6fb2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7ea; --quiet: #9aa4ae; --paper: #15181b;
  --line: #343a40; --tint: #1e2327; --passed: #5cc98b; --failed: #ff8a80; --event: #6cb2f0; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 2rem 1.25rem 4rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 1.5rem 0 .5rem; }
a { color: inherit; } nav { margin-bottom: 1rem; } nav a { margin-right: 1rem; }
.quiet { color: var(--quiet); } .passed { color: var(--passed); } .failed { color: var(--failed); }
.passed, .failed { font-weight: 600; white-space: nowrap; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; white-space: pre-wrap; }
th { color: var(--quiet); font-weight: 600; white-space: nowrap; }
td:first-child { white-space: nowrap; }
pre { margin: .5rem 0; padding: .6rem .8rem; background: var(--tint); border-left: 3px solid var(--line);
  white-space: pre-wrap; overflow-wrap: anywhere; font: .85rem/1.45 ui-monospace, monospace; }
details { border-bottom: 1px solid var(--line); padding: .4rem 0; }
[id^=step] td:nth-child(2) { white-space: nowrap; }
summary { cursor: pointer; } [id^=step] summary { display: flex; gap: .8rem; }
summary span:nth-child(1) { min-width: 1.2rem; text-align: right; }
summary span:nth-child(4) { margin-left: auto; white-space: nowrap; }
:target { background: var(--tint); }
figure { margin: 0; } figcaption { margin: .5rem 0; font-size: .9rem; }
.timeline { display: flex; overflow-x: auto; }
svg { flex: none; font-size: 12px; } svg text { fill: var(--ink); }
svg .tick { fill: var(--quiet); text-anchor: middle; } svg .line { stroke: var(--line); }
svg.names { position: sticky; left: 0; background: var(--paper); }
svg a { color: var(--event); } svg a.passed { color: var(--passed); } svg a.failed { color: var(--failed); }
svg rect { fill: currentColor; stroke: var(--paper); } svg a:hover rect { fill: var(--ink); }
svg a text { fill: var(--paper); font-size: 10px; font-weight: 600; text-anchor: middle; }
@media print { body { max-width: none; padding: 0; font-size: 10pt; } nav { display: none; }
  .timeline { overflow: visible; zoom: .6; }
  details::details-content { content-visibility: visible; block-size: auto; }
  table, pre, details { break-inside: auto; } tr { break-inside: avoid; } }
`;
