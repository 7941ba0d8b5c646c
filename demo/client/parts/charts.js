/** Small charts in SVG, drawn here: the app needs no library for them. */
const SVG = "http://www.w3.org/2000/svg";

function shape(tag, attributes, children = []) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

const round = (number) => Math.round(number * 10) / 10;

function path(points) {
  return points.map(([x, y], index) => `${index ? "L" : "M"}${round(x)} ${round(y)}`).join("");
}

/** Values as points, the last at the right edge, whatever their number. */
function place(values, { width, height, length, y, right = 0 }) {
  const step = (width - right) / (length - 1);
  const first = length - values.length;
  return values.map((value, index) => [(first + index) * step, height - y(value) * height]);
}

/** One series, as an area: `draw(values)`. */
export function sparkline({ label, highest = 100, length = 60, width = 240, height = 56 }) {
  const area = shape("path", { class: "chart-area" });
  const line = shape("path", { class: "chart-line" });
  const node = shape(
    "svg",
    { class: "chart sparkline", viewBox: `0 0 ${width} ${height}`, role: "img", preserveAspectRatio: "none" },
    [area, line],
  );
  return {
    node,
    draw(values) {
      if (values.length === 0) return;
      const y = (value) => 0.06 + 0.88 * (value / highest);
      const points = place(values, { width, height, length, y });
      line.setAttribute("d", path(points));
      area.setAttribute("d", `${path(points)}L${width} ${height}L${round(points[0][0])} ${height}Z`);
      node.setAttribute("aria-label", label(values));
    },
  };
}

/**
 * Several series of rates over time, on a logarithmic scale from 0 to 1,000: `draw({name: values})`. It is as wide as
 * its place.
 * @param {{name: string}[]} series
 */
export function rateChart({ series, label, length = 60, height = 200 }) {
  const y = (value) => Math.min(1, Math.log10(1 + value) / Math.log10(2001));
  const scale = shape("g", {});
  const lines = new Map(series.map(({ name }) => [name, shape("path", { class: `chart-line series-${name}` })]));
  const node = shape("svg", { class: "chart rate-chart", role: "img" }, [scale, ...lines.values()]);
  const drawScale = (width) => {
    const marks = [0, 1, 10, 100, 1000].flatMap((value) => {
      const top = String(round(height - y(value) * height));
      const text = value.toLocaleString("en");
      return [
        shape("line", { class: "chart-grid", x1: "0", x2: String(width - 36), y1: top, y2: top }),
        shape("text", { class: "chart-scale", x: String(width), y: top, dy: "4", "text-anchor": "end" }, [text]),
      ];
    });
    scale.replaceChildren(...marks);
  };
  return {
    node,
    draw(values) {
      const width = node.clientWidth || 640;
      node.setAttribute("viewBox", `0 -6 ${width} ${height + 12}`);
      drawScale(width);
      for (const [name, line] of lines) {
        line.setAttribute("d", path(place(values[name], { width, height, length, y, right: 36 })));
      }
      node.setAttribute("aria-label", label(values));
    },
  };
}
