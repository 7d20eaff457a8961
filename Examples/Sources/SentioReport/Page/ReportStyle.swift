/// The style sheet of the report page: one column that fits a phone, and colours for light and
/// dark surroundings.
enum ReportStyle {
  static let sheet = """
    :root { color-scheme: light dark; --paper: #fdfcfa; --ink: #1d1b22; --soft: #5d5866;
      --rule: #dcd7df; --panel: #f4f1f5; --accent: #6b2fa0; --second: #b34a12; --third: #0b6e68;
      --fourth: #5a6472; --residual: #b9a7c9; --band: #6b2fa01f; }
    @media (prefers-color-scheme: dark) { :root { --paper: #17151c; --ink: #ece8f1; --soft: #aea7b9;
      --rule: #3a3544; --panel: #211e29; --accent: #c79bf2; --second: #f0a35e; --third: #5fd0c2;
      --fourth: #9fb0c6; --residual: #5d4f70; --band: #c79bf22b; } }
    * { box-sizing: border-box; }
    html { scroll-padding-top: 1rem; -webkit-text-size-adjust: 100%; }
    body { margin: 0; background: var(--paper); color: var(--ink);
      font: 16px/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif; }
    main, header, footer { max-width: 76rem; margin: 0 auto; padding: 0 1rem; }
    header { padding-top: 2.5rem; }
    h1 { font-size: clamp(1.5rem, 5vw, 1.9rem); line-height: 1.2; margin: 0 0 .4rem;
      letter-spacing: -.01em; }
    h2 { font-size: 1.3rem; margin: 2.8rem 0 .4rem; padding-top: .8rem;
      border-top: 1px solid var(--rule); }
    h3 { font-size: 1.02rem; margin: 1.8rem 0 .3rem; }
    p, h1, h2, h3, figcaption { overflow-wrap: anywhere; }
    p { max-width: 44rem; margin: .5rem 0; }
    .lead { color: var(--soft); }
    .note { border-left: 3px solid var(--second); background: var(--panel); padding: .6rem .9rem;
      margin: .8rem 0; max-width: 44rem; }
    .skip { position: absolute; left: -100vw; background: var(--panel); padding: .6rem 1rem; }
    .skip:focus { left: 1rem; top: .5rem; }
    nav ul { padding: 0; margin: 1rem 0 0; list-style: none; display: flex; flex-wrap: wrap;
      gap: .1rem 1.1rem; font-size: .92rem; }
    nav a { display: inline-block; padding: .25rem 0; }
    a { color: var(--accent); }
    :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .figures, .row { display: grid; gap: 1rem 1.6rem; margin: .8rem 0;
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 10.5rem), 1fr)); }
    .row { grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
    .row.small { grid-template-columns: repeat(auto-fill, minmax(min(100%, 14rem), 1fr)); }
    .number { background: var(--panel); border-radius: .6rem; padding: .7rem .9rem; }
    .number b { display: block; font-size: 1.5rem; letter-spacing: -.01em; }
    .number span { color: var(--soft); font-size: .88rem; }
    figure { margin: .8rem 0; min-width: 0; }
    .row figure { margin: 0; }
    figcaption { color: var(--soft); font-size: .9rem; margin-top: .2rem; }
    svg { display: block; width: 100%; height: auto; }
    .narrow svg { max-width: 30rem; }
    .small svg { max-width: 20rem; }
    .wide svg { max-width: 48rem; min-width: 31rem; }
    .scroll, .table { overflow-x: auto; }
    .table { margin: 1rem 0; }
    table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
    th, td { padding: .3rem .6rem; text-align: right; border-bottom: 1px solid var(--rule);
      white-space: nowrap; vertical-align: top; }
    th:first-child { text-align: left; padding-left: 0; }
    thead th { font-weight: 600; color: var(--soft); vertical-align: bottom; }
    tbody th { font-weight: 500; white-space: normal; min-width: 9.5rem; max-width: 18rem;
      position: sticky; left: 0; background: var(--paper); }
    @media (max-width: 40rem) { tbody th { min-width: 7rem; max-width: 9rem; } }
    td.text, th.text { text-align: left; white-space: normal; min-width: 11rem; }
    .claim, thead th.claim { color: var(--second); }
    .missing { color: var(--soft); font-style: italic; font-size: .8rem; }
    caption { text-align: left; color: var(--soft); padding-bottom: .3rem; }
    caption span { position: sticky; left: 0; display: inline-block;
      max-width: min(60rem, calc(100vw - 2rem)); overflow-wrap: anywhere; }
    svg text { fill: var(--soft); font: 11.5px system-ui, "Noto Sans", sans-serif; }
    svg .axis-title { font-size: 12px; }
    svg .small { font-size: 10.5px; font-style: italic; }
    svg .quadrant { font-size: 12px; font-style: italic; opacity: .85; }
    svg .row-name, svg .value { fill: var(--ink); }
    svg .value, svg .small { paint-order: stroke; stroke: var(--paper); stroke-width: 3px;
      stroke-linejoin: round; }
    svg .frame { fill: none; stroke: var(--rule); }
    svg .grid { stroke: var(--rule); stroke-width: .6; }
    svg .axis { stroke: var(--soft); stroke-width: .9; }
    svg .limit { stroke: var(--soft); stroke-width: 1.1; stroke-dasharray: 5 4; }
    svg .event { stroke: var(--fourth); stroke-width: 1; stroke-dasharray: 2 3; }
    svg .mark { stroke: var(--third); stroke-width: 1.2; stroke-dasharray: 6 3; }
    svg .band { fill: var(--band); }
    svg .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
    svg .line0 { stroke: var(--accent); }
    svg .line1 { stroke: var(--second); stroke-dasharray: 7 3; }
    svg .line2 { stroke: var(--third); stroke-dasharray: 2 2.5; }
    svg .line3 { stroke: var(--fourth); stroke-dasharray: 8 3 2 3; }
    svg .fill0 { fill: var(--accent); }
    svg .fill1 { fill: var(--second); }
    svg .fill2 { fill: var(--third); }
    svg .fill3 { fill: var(--fourth); }
    svg .residual { stroke: var(--residual); stroke-width: .7; }
    svg .dot { fill: var(--accent); fill-opacity: .75; }
    svg .dot.strong { fill-opacity: 1; }
    svg .hollow { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
    svg .hollow.second { stroke: var(--second); }
    svg .ellipse { fill: var(--second); fill-opacity: .1; stroke: var(--second); stroke-width: 1.5; }
    svg .bias { stroke: var(--second); stroke-width: 1.6; }
    svg .disc { fill: var(--accent); fill-opacity: .55; stroke: var(--accent); }
    svg .interval { stroke: var(--accent); stroke-width: 2.4; stroke-linecap: round; }
    svg .interval.thin { stroke-width: 1.4; }
    svg .whisker { stroke: var(--ink); stroke-width: 1; }
    svg .claimed { fill: none; stroke: var(--second); stroke-width: 1.8; }
    svg .claimed-range { stroke: var(--second); stroke-width: 1.8; stroke-dasharray: 3 2; }
    svg .bar.series0 { fill: var(--accent); }
    svg .bar.series1 { fill: var(--second); }
    footer { color: var(--soft); font-size: .88rem; padding-top: 2rem; padding-bottom: 3rem; }
    @media print { nav, .skip { display: none; } h2, h3 { break-after: avoid; }
      figure, tr { break-inside: avoid; } .scroll, .table { overflow: visible; } }
    """
}
