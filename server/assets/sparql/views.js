// A result as a chart or as a graph, beside the table that the server made. The table stays the full account.
const SVG = "http://www.w3.org/2000/svg";
const MOST_BARS = 40;
const MOST_LINES = 80;

function svg(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const brief = (text) => (/^https?:/.test(text) ? text.replace(/[/#]+$/, "").split(/[/#]/).slice(-1)[0] : text);

function readTable(table) {
  const names = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
  const linked = names.map((_, column) => [...table.tBodies[0].rows].some((row) => row.cells[column].querySelector("a")));
  return { names, rows, linked };
}

function chartColumns({ names, rows, linked }) {
  const numeric = names.findIndex(
    (_, column) => !linked[column] && rows.every((row) => row[column] !== "" && Number.isFinite(Number(row[column]))),
  );
  const label = names.findIndex((_, column) => column !== numeric);
  return numeric >= 0 && label >= 0 ? { numeric, label } : null;
}

function drawChart(data, { numeric, label }) {
  const shown = data.rows.slice(0, MOST_BARS);
  const most = Math.max(...shown.map((row) => Number(row[numeric])), 0) || 1;
  const title = `${data.names[numeric]} by ${data.names[label]}`;
  const made = svg("svg", { viewBox: `0 0 960 ${shown.length * 26 + 8}`, width: "100%", role: "img", "aria-label": title });
  shown.forEach((row, place) => {
    const y = place * 26 + 4;
    const width = Math.max(1, (Math.max(0, Number(row[numeric])) / most) * 540);
    made.append(
      svg("text", { x: 0, y: y + 15, "font-size": 13 }, cut(brief(row[label]), 46)),
      svg("rect", { x: 330, y, width, height: 20, fill: "#005eb8" }),
      svg("text", { x: 336 + width, y: y + 15, "font-size": 13 }, row[numeric]),
    );
  });
  return made;
}

function graphLines({ names, rows, linked }) {
  const columns = names.map((_, column) => column).filter((column) => linked[column]);
  if (columns.length < 2) return [];
  const [start, end] = [columns[0], columns[columns.length - 1]];
  const kind = columns.length > 2 ? columns[1] : -1;
  return rows
    .filter((row) => row[start] && row[end])
    .map((row) => ({ start: row[start], end: row[end], kind: kind < 0 ? "" : row[kind] }));
}

function triples(text) {
  const found = [];
  for (const match of text.matchAll(/^<([^>]*)>\s+<([^>]*)>\s+<([^>]*)>\s*\.$/gm))
    found.push({ start: match[1], kind: match[2], end: match[3] });
  return found;
}

function drawGraph(lines) {
  const shown = lines.slice(0, MOST_LINES);
  const nodes = [...new Set(shown.flatMap((line) => [line.start, line.end]))];
  const radius = Math.max(180, nodes.length * 9);
  const size = 2 * radius + 320;
  const places = new Map(
    nodes.map((node, place) => {
      const angle = (2 * Math.PI * place) / nodes.length;
      return [node, { x: size / 2 + radius * Math.cos(angle), y: size / 2 + radius * Math.sin(angle) }];
    }),
  );
  const title = `${nodes.length} things and ${shown.length} lines between them`;
  const made = svg("svg", { viewBox: `0 0 ${size} ${size}`, width: "100%", role: "img", "aria-label": title });
  for (const { start, end, kind } of shown) {
    const [from, to] = [places.get(start), places.get(end)];
    const line = svg("line", { x1: from.x, y1: from.y, x2: to.x, y2: to.y, stroke: "#768692" });
    line.append(svg("title", {}, `${brief(start)} ${brief(kind)} ${brief(end)}`));
    made.append(line);
  }
  for (const [node, { x, y }] of places) {
    const anchor = x > size / 2 + 1 ? "start" : x < size / 2 - 1 ? "end" : "middle";
    const label = svg("text", { x: x + (anchor === "start" ? 9 : anchor === "end" ? -9 : 0), y: y + 4, "text-anchor": anchor, "font-size": 13 }, cut(brief(node), 24));
    label.append(svg("title", {}, node));
    made.append(svg("circle", { cx: x, cy: y, r: 6, fill: "#005eb8" }), label);
  }
  return made;
}

async function asTriples(query) {
  const headers = { Accept: "application/n-triples", "Content-Type": "application/sparql-query" };
  const answer = await fetch("/sparql", { method: "POST", headers, body: query });
  return answer.ok ? answer.text() : "";
}

function ways(root, query) {
  const table = root.querySelector(".remit-result table");
  const text = root.querySelector(".remit-result pre");
  const found = [];
  if (table) {
    const data = readTable(table);
    const columns = chartColumns(data);
    if (columns) found.push(["Chart", () => drawChart(data, columns), data.rows.length > MOST_BARS && MOST_BARS]);
    const lines = graphLines(data);
    if (lines.length) found.push(["Graph", () => drawGraph(lines), lines.length > MOST_LINES && MOST_LINES]);
  }
  if (text) found.push(["Graph", async () => drawGraph(triples(await asTriples(query))), false]);
  return found;
}

export function setUpViews(root, area) {
  const bar = root.querySelector("#result-views");
  const place = root.querySelector("#result-drawing");
  if (!bar) return;
  for (const [name, draw, first] of ways(root, area.defaultValue)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
    button.textContent = name;
    button.setAttribute("aria-pressed", "false");
    button.addEventListener("click", async () => {
      const on = button.getAttribute("aria-pressed") !== "true";
      for (const each of bar.querySelectorAll("[aria-pressed]")) each.setAttribute("aria-pressed", "false");
      button.setAttribute("aria-pressed", String(on));
      place.replaceChildren(...(on ? [await draw()] : []));
      if (on && first) place.append(Object.assign(document.createElement("p"), { textContent: `Only the first ${first} are drawn.` }));
    });
    bar.append(button);
  }
}
