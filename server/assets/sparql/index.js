// The editor of /sparql, made from the plain form, and other ways to see and keep a result. Loaded on that page only.
import Yasqe from "@zazuko/yasqe";
import { loadTerms, setUpCompletion } from "./completion.js";
import { setUpViews } from "./views.js";
import { setUpDownloads } from "./downloads.js";

function makeEditor(area) {
  const frame = document.createElement("div");
  frame.className = "remit-editor";
  area.after(frame);
  area.hidden = true;
  const editor = new Yasqe(frame, {
    value: area.value,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    lineNumbers: true,
    autofocus: false,
    autocompleters: ["remit-class", "remit-property", "remit-prefix", "variables"],
    extraKeys: {
      Tab: false,
      "Shift-Tab": false,
      "Ctrl-Space": () => editor.autocomplete(),
      "Ctrl-Enter": () => area.form.requestSubmit(),
      "Cmd-Enter": () => area.form.requestSubmit(),
    },
  });
  const field = editor.getInputField();
  field.setAttribute("aria-label", "Query");
  field.setAttribute("aria-describedby", "query-keys");
  field.id = "query-editor";
  document.querySelector("label[for=query]").htmlFor = field.id;
  for (const link of document.querySelectorAll('a[href="#query"]')) link.href = `#${field.id}`;
  editor.on("change", () => (area.value = editor.getValue()));
  return editor;
}

function tellProgress(form) {
  const status = document.querySelector("#query-status");
  form.addEventListener("submit", () => {
    const began = Date.now();
    status.textContent = "The query is running.";
    setInterval(() => {
      status.textContent = `The query has been running for ${Math.round((Date.now() - began) / 1000)} seconds.`;
    }, 2000);
  });
}

async function start() {
  const area = document.querySelector("#query");
  const terms = await loadTerms();
  setUpCompletion(Yasqe, terms);
  makeEditor(area);
  document.querySelector("#query-keys").hidden = false;
  tellProgress(area.form);
  setUpViews(document, area);
  setUpDownloads(document, area);
}

start();
