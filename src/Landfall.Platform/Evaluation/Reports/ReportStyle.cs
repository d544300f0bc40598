namespace Landfall.Platform.Evaluation.Reports;

/// <summary>The page's style: no fonts and no files but those of the reader's system.</summary>
internal static class ReportStyle
{
    /// <summary>It must hold neither <c>&lt;</c> nor <c>&amp;</c>, so that HTML and XML read it alike.</summary>
    public const string Css =
        """

        :root {
          --paper: #f6f7f7; --card: #ffffff; --ink: #17212b; --soft: #54616d; --line: #d9dfe3; --wash: #eef2f3;
          --sea: #0a6670; --sea-wash: #e3f1f2;
          --met: #17703f; --met-wash: #e2f3e8; --missed: #b3261e; --missed-wash: #fbe8e6; --undecided: #85560a; --undecided-wash: #fbf0d9;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Liberation Mono", Menlo, Consolas, monospace;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", Arial, sans-serif;
        }
        @media screen and (prefers-color-scheme: dark) {
          :root {
            --paper: #0f151a; --card: #172027; --ink: #e6ebee; --soft: #9fadb8; --line: #2c3943; --wash: #1e2931;
            --sea: #6cc9d2; --sea-wash: #15323a;
            --met: #6fd39a; --met-wash: #163626; --missed: #ff9d94; --missed-wash: #43201e; --undecided: #eec26a; --undecided-wash: #3a2d12;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); overflow-wrap: anywhere; }
        .shapes { position: absolute; }
        .top, main { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
        .top { padding-top: 2.25rem; }
        main { padding-bottom: 4rem; }
        .kicker { margin: 0; color: var(--soft); font-size: .875rem; }
        .brand { color: var(--sea); font-weight: 700; letter-spacing: .01em; }
        h1 { margin: .1rem 0 .35rem; font-size: 2.1rem; line-height: 1.2; letter-spacing: -.015em; }
        h2 { margin: 0 0 .75rem; font-size: 1.3rem; line-height: 1.3; letter-spacing: -.005em; }
        h3 { margin: 1.25rem 0 .35rem; font-size: 1rem; }
        h4 { margin: 0; font-size: 1rem; font-weight: 600; }
        p { margin: 0 0 .6rem; }
        .scenario { max-width: 62ch; color: var(--soft); font-size: 1.05rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1rem 0 0; padding: .7rem 0 0; border-top: 1px solid var(--line); list-style: none; font-size: .9rem; }
        a { color: var(--sea); text-underline-offset: .18em; }
        nav a { text-decoration: none; }
        nav a:hover { text-decoration: underline; }
        :focus-visible { outline: 3px solid var(--sea); outline-offset: 2px; border-radius: 4px; }
        section { margin-top: 2.5rem; }
        #release { margin-top: 1.5rem; }
        #release-heading { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        .note { color: var(--soft); font-size: .925rem; max-width: 80ch; }
        code, pre { font-family: var(--mono); font-size: .9em; }
        .empty { color: var(--soft); }
        .decision { padding: 1.4rem 1.6rem; background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--soft); border-radius: 10px; }
        .decision.good { border-left-color: var(--met); }
        .decision.bad { border-left-color: var(--missed); }
        .decision.unsure { border-left-color: var(--undecided); }
        .headline { margin: 0 0 .15rem; font-size: 1.55rem; font-weight: 700; line-height: 1.25; letter-spacing: -.01em; }
        .good .headline { color: var(--met); }
        .bad .headline { color: var(--missed); }
        .unsure .headline { color: var(--undecided); }
        .decision > :last-child { margin-bottom: 0; }
        .standing { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
        .standing li { display: flex; flex-direction: column; align-items: flex-start; gap: .3rem; padding: .7rem .85rem; background: var(--wash); border-radius: 8px; }
        .standing b { font-size: 1.25rem; font-variant-numeric: tabular-nums; }
        .standing .metric { display: block; font-weight: 600; }
        .cheaper { margin: 0 0 .6rem; padding-left: 1.2rem; }
        .unmet { display: inline-block; margin-right: .35rem; }
        .action { padding: .55rem .8rem; background: var(--sea-wash); border-radius: 8px; max-width: 80ch; }
        .aside { margin-top: .8rem; font-size: .925rem; }
        .facts { display: flex; flex-wrap: wrap; gap: .6rem 2rem; margin: .8rem 0; font-size: .925rem; }
        .facts ul { margin: 0; padding-left: 1.1rem; }
        dt { color: var(--soft); font-size: .8rem; }
        dd { margin: 0; }
        .verdict { display: inline-flex; align-items: center; gap: .35em; padding: .08rem .55rem .08rem .4rem; border-radius: 99px; font-size: .8rem; font-weight: 600; line-height: 1.5; white-space: nowrap; }
        .verdict .sign { width: 1.05em; height: 1.05em; flex: none; overflow: visible; }
        .met { --tone: var(--met); --tone-wash: var(--met-wash); }
        .missed { --tone: var(--missed); --tone-wash: var(--missed-wash); }
        .undecided { --tone: var(--undecided); --tone-wash: var(--undecided-wash); }
        .verdict { color: var(--tone); background: var(--tone-wash); }
        .body { fill: currentColor; stroke: currentColor; stroke-width: 1.6; }
        #shape-undecided .body { fill: var(--card); }
        .sign { fill: none; stroke: var(--card); stroke-width: 1.7; stroke-linecap: round; stroke-linejoin: round; }
        #shape-undecided .sign { stroke: currentColor; }
        .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        table { width: 100%; border-collapse: collapse; font-size: .9rem; overflow-wrap: normal; }
        th, td { padding: .6rem .8rem; text-align: left; vertical-align: top; }
        thead th { color: var(--soft); font-size: .8rem; font-weight: 600; vertical-align: bottom; background: var(--wash); }
        thead th > span { display: block; }
        thead .metric { color: var(--ink); }
        tbody tr + tr > * { border-top: 1px solid var(--line); }
        tbody th { font-weight: 600; }
        td.number, .interval, .figure b, .number b { font-variant-numeric: tabular-nums; white-space: nowrap; }
        .ladder .number { text-align: right; }
        .ladder thead th:nth-last-child(-n+5) { text-align: right; }
        .ladder th, .status { word-break: keep-all; }
        .status { white-space: nowrap; }
        .metrics tbody th { width: 16rem; }
        .chosen > * { background: var(--sea-wash); }
        .out { color: var(--soft); }
        .technique { display: block; color: var(--soft); font-weight: 400; font-size: .8rem; }
        .mark { display: inline-block; margin-left: .4rem; padding: 0 .5rem; border-radius: 99px; background: var(--sea); color: var(--card); font: 600 .75rem/1.6 var(--sans); vertical-align: .08em; }
        .target > div { display: flex; flex-direction: column; align-items: flex-start; gap: .25rem; }
        .interval, .on { color: var(--soft); font-size: .85em; }
        .metrics td > div > * { display: block; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(27rem, 100%), 1fr)); gap: 1rem; }
        figure { margin: 0; padding: .9rem 1rem .5rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; break-inside: avoid; }
        figcaption .metric { font-weight: 600; }
        figcaption .bound { margin: 0 .3rem; font-variant-numeric: tabular-nums; }
        .chart { display: block; margin-top: .5rem; overflow: visible; font: 13px var(--sans); }
        .wanted { fill: var(--met); opacity: .1; }
        .axis { stroke: var(--line); }
        .tick { fill: var(--soft); font-size: 12px; }
        .limit { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 4; }
        .limit-label { fill: var(--ink); font-size: 12px; font-weight: 600; }
        .point { color: var(--tone); }
        .name { fill: var(--ink); }
        .name.chosen { font-weight: 700; }
        .figures { fill: var(--soft); font-variant-numeric: tabular-nums; }
        .whisker { stroke: currentColor; stroke-width: 2; stroke-linecap: round; }
        .differs { font-weight: 600; }
        .chance { color: var(--soft); }
        .candidate { padding: 1.1rem 1.3rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
        .candidate + .candidate { margin-top: 1rem; }
        .candidate h3 { margin-top: 0; font-size: 1.1rem; }
        .cluster { margin-top: .9rem; padding-top: .9rem; border-top: 1px solid var(--line); }
        .share { display: flex; flex-wrap: wrap; align-items: center; gap: .2rem .7rem; margin: .35rem 0 .5rem; color: var(--soft); font-size: .9rem; }
        .bar { width: 10rem; height: .5rem; border-radius: 99px; background: var(--wash); }
        .bar rect { fill: var(--sea); }
        details { margin-top: .5rem; }
        summary { cursor: pointer; color: var(--sea); font-size: .925rem; }
        .examples { margin: .5rem 0 0; padding: 0; list-style: none; }
        .examples li { padding: .55rem 0 .55rem .9rem; border-left: 3px solid var(--line); }
        .examples li + li { margin-top: .4rem; }
        .said { margin: 0; white-space: pre-wrap; unicode-bidi: isolate; }
        .answer { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: .2rem 0 0; font-size: .85rem; }
        .answer > div { display: flex; gap: .4rem; align-items: baseline; }
        .answer code { white-space: pre-wrap; }
        .counts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 1px; margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
        .counts > div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: .7rem .9rem; box-shadow: 0 0 0 1px var(--line); }
        .counts dd { font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums; }
        .counts .wide { grid-column: 1 / -1; }
        .counts .wide dd { font-size: .95rem; font-weight: 400; }
        .warnings { margin: 0; padding: 0; list-style: none; }
        .warnings li { padding: .55rem .8rem; background: var(--undecided-wash); border-left: 4px solid var(--undecided); border-radius: 4px 8px 8px 4px; }
        .warnings li + li { margin-top: .5rem; }
        pre { margin: 0; padding: 1rem 1.2rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; white-space: pre-wrap; }
        #how-to p { max-width: 80ch; }
        @media (max-width: 46rem) {
          .top, main { padding-left: 1rem; padding-right: 1rem; }
          .top { padding-top: 1.25rem; }
          h1 { font-size: 1.7rem; }
          .headline { font-size: 1.3rem; }
          .decision { padding: 1.1rem 1.1rem; }
          .scroll { overflow: visible; background: none; border: 0; }
          table, tbody, tr, th, td { display: block; }
          thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          tbody tr { padding: .7rem .9rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
          tbody tr + tr { margin-top: .7rem; }
          tbody tr + tr > * { border-top: 0; }
          tbody tr.chosen { border: 2px solid var(--sea); }
          .chosen > * { background: none; }
          th, td { padding: .2rem 0; }
          .metrics tbody th { width: auto; }
          tbody th { padding-bottom: .35rem; font-size: 1.05rem; }
          td[data-label], .ladder .number { display: grid; grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); gap: .8rem; text-align: left; white-space: normal; }
          td[data-label]::before { content: attr(data-label); color: var(--soft); font-size: .85rem; }
          .counts { grid-template-columns: repeat(2, minmax(0, 1fr)); }
          .chart { font-size: 12px; }
        }
        @media print {
          body { background: none; font-size: 10.5pt; }
          nav { display: none; }
          .top, main { max-width: none; padding: 0; }
          section { margin-top: 1.4rem; }
          h2, h3, h4, summary { break-after: avoid; }
          tr, .cluster, .decision, .examples li, .warnings li { break-inside: avoid; }
          .scroll { overflow: visible; }
          .ladder, .metrics { font-size: 8.5pt; }
          th, td { padding: .35rem .45rem; }
          details::details-content { content-visibility: visible; display: block; height: auto; }
          * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
        }

        """;
}
