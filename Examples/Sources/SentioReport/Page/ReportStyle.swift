/// The style sheet of the report page: one column that fits a phone, and colours for light and
/// dark surroundings.
enum ReportStyle {
  static let sheet = """
    :root { color-scheme: light dark; --paper: #fdfcfa; --ink: #1d1b22; --soft: #5d5866;
      --rule: #dcd7df; --panel: #f4f1f5; --accent: #6b2fa0; --second: #c2571a; --dot: #6b2fa0;
      --residual: #b9a7c9; }
    @media (prefers-color-scheme: dark) { :root { --paper: #17151c; --ink: #ece8f1; --soft: #a8a1b3;
      --rule: #3a3544; --panel: #211e29; --accent: #c79bf2; --second: #f0a35e; --dot: #c79bf2;
      --residual: #5d4f70; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
    main, header, footer { max-width: 60rem; margin: 0 auto; padding: 0 1rem; }
    header { padding-top: 2.5rem; }
    h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.01em; }
    h2 { font-size: 1.3rem; margin: 2.8rem 0 .4rem; padding-top: .8rem;
      border-top: 1px solid var(--rule); }
    h3 { font-size: 1rem; margin: 1.2rem 0 .3rem; }
    p, h1, figcaption { overflow-wrap: anywhere; }
    p { max-width: 44rem; margin: .5rem 0; }
    .lead { color: var(--soft); }
    .note { border-left: 3px solid var(--second); background: var(--panel); padding: .6rem .9rem;
      margin: .8rem 0; max-width: 44rem; }
    nav ul { padding: 0; margin: 1rem 0 0; list-style: none; display: flex; flex-wrap: wrap;
      gap: .3rem 1.1rem; font-size: .92rem; }
    a { color: var(--accent); }
    a:focus-visible, .table:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 16rem), 1fr));
      gap: 1rem; margin: .8rem 0; }
    .planes { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 21rem), 1fr));
      gap: 1rem; margin: .8rem 0; }
    .number { background: var(--panel); border-radius: .6rem; padding: .7rem .9rem; }
    .number b { display: block; font-size: 1.5rem; letter-spacing: -.01em; }
    .number span { color: var(--soft); font-size: .88rem; }
    figure { margin: .8rem 0; min-width: 0; }
    figcaption { color: var(--soft); font-size: .9rem; }
    svg { display: block; width: 100%; height: auto; }
    .wide svg { max-width: 46rem; }
    .narrow svg { max-width: 34rem; }
    .table { overflow-x: auto; margin: .8rem 0; }
    table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .7rem; text-align: right; border-bottom: 1px solid var(--rule);
      white-space: nowrap; vertical-align: top; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    th { font-weight: 600; color: var(--soft); }
    td.text, th.text { text-align: left; white-space: normal; min-width: 9rem; }
    .claim { color: var(--second); }
    caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
    svg text { fill: var(--soft); font: 11px system-ui, "Noto Sans", sans-serif; }
    svg .axis-title, svg .quadrant { font-size: 12px; }
    svg .quadrant { fill: var(--soft); font-style: italic; opacity: .8; }
    svg .row-name { fill: var(--ink); font-size: 12px; }
    svg .value { fill: var(--ink); }
    svg .frame { fill: none; stroke: var(--rule); }
    svg .grid { stroke: var(--rule); stroke-width: .6; }
    svg .axis { stroke: var(--soft); stroke-width: .9; }
    svg .residual { stroke: var(--residual); stroke-width: .7; }
    svg .dot { fill: var(--dot); fill-opacity: .8; }
    svg .dot.strong { fill-opacity: 1; }
    svg .interval { stroke: var(--dot); stroke-width: 2.4; stroke-linecap: round; }
    svg .claimed { fill: none; stroke: var(--second); stroke-width: 1.8; }
    svg .bar.series0 { fill: var(--dot); }
    svg .bar.series1 { fill: var(--second); }
    footer { color: var(--soft); font-size: .88rem; padding-top: 2rem; padding-bottom: 3rem; }
    @media print { nav { display: none; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
    """
}
