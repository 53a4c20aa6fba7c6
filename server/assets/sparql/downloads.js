// The whole result as a file, asked of the endpoint in the chosen format, and a link to share.
const ROWS = { CSV: ["text/csv", "csv"], TSV: ["text/tab-separated-values", "tsv"], JSON: ["application/sparql-results+json", "json"] };
const GRAPHS = { Turtle: ["text/turtle", "ttl"], "JSON-LD": ["application/ld+json", "jsonld"] };

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

async function download(query, type, ending, status) {
  status.textContent = "The file is being made.";
  const answer = await fetch("/sparql", {
    method: "POST",
    headers: { Accept: type, "Content-Type": "application/sparql-query" },
    body: query,
  });
  if (!answer.ok) {
    status.textContent = `The file could not be made: the server answered ${answer.status}.`;
    return;
  }
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = `remit-query.${ending}`;
  link.click();
  URL.revokeObjectURL(link.href);
  status.textContent = "The file is ready.";
}

export function setUpDownloads(root, area) {
  const bar = root.querySelector("#result-files");
  const status = root.querySelector("#query-status");
  if (bar) {
    const query = area.defaultValue;
    const formats = bar.dataset.kind === "graph" ? GRAPHS : ROWS;
    for (const [name, [type, ending]] of Object.entries(formats))
      bar.append(button(`Download ${name}`, () => download(query, type, ending, status)));
  }
  root.querySelector("#query-share")?.append(
    button("Copy a link to this query", async () => {
      const link = `${location.origin}/sparql?${new URLSearchParams({ query: area.value })}`;
      try {
        await navigator.clipboard.writeText(link);
        status.textContent = "The link is copied.";
      } catch {
        history.replaceState(null, "", link);
        status.textContent = "The address of this page is now the link.";
      }
    }),
  );
}
