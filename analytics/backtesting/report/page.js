"use strict";
(() => {
  const style = () => getComputedStyle(document.documentElement);
  const colour = (name) => style().getPropertyValue(name).trim();
  const themed = (value) => {
    if (typeof value === "string") {
      const named = /^var\((--[a-z-]+)\)$/.exec(value);
      return named ? colour(named[1]) : value;
    }
    if (Array.isArray(value)) return value.map(themed);
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, themed(one)]));
    }
    return value;
  };
  const draw = () => {
    const axis = {
      gridcolor: colour("--line"), linecolor: colour("--line"), zerolinecolor: colour("--line"),
      tickfont: { color: colour("--muted") }, automargin: true, fixedrange: true,
    };
    for (const chart of document.querySelectorAll(".chart")) {
      const { data, layout } = themed(JSON.parse(chart.nextElementSibling.textContent));
      for (const key of Object.keys(layout).filter((name) => /^[xy]axis/.test(name))) {
        const title = { ...layout[key].title, font: { size: 12, color: colour("--muted") } };
        layout[key] = { ...axis, ...layout[key], title };
      }
      Object.assign(layout, {
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
        margin: { l: 8, r: 8, t: 8, b: 8 },
        font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: colour("--ink") },
        hoverlabel: { bgcolor: colour("--panel"), bordercolor: colour("--line"), font: { color: colour("--ink") } },
      });
      Plotly.react(chart, data, layout, { displayModeBar: false });
    }
  };
  draw();
  const resized = new ResizeObserver((seen) => seen.forEach(({ target }) => Plotly.Plots.resize(target)));
  document.querySelectorAll(".chart").forEach((chart) => resized.observe(chart));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
})();
