// A form that takes long to answer (data-busy: what is being done) says so, and is sent once.

function tell(form) {
  const line = document.createElement("div");
  line.className = "remit-busy";
  const words = document.createElement("p");
  words.id = `${form.id || "form"}-busy`;
  words.textContent = form.dataset.busy;
  const bar = document.createElement("progress");
  bar.setAttribute("aria-labelledby", words.id);
  line.append(words, bar);
  form.querySelector("[role=status]").append(line);
}

function setBusy(form, busy) {
  if (busy) form.setAttribute("aria-busy", "true");
  else form.removeAttribute("aria-busy");
  for (const button of form.querySelectorAll("button")) {
    if (busy) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
  if (busy) tell(form);
  else form.querySelector("[role=status]").replaceChildren();
}

export function setUpBusy(root) {
  for (const form of root.querySelectorAll("form[data-busy]")) {
    form.addEventListener("submit", (event) => {
      if (form.hasAttribute("aria-busy")) event.preventDefault();
      // A download leaves this page as it is, and nothing tells it that the file has come.
      else if (!form.elements.format?.value) setBusy(form, true);
    });
    // Back from the answer, or stopped: the form can be sent again.
    addEventListener("pageshow", () => setBusy(form, false));
    addEventListener("keydown", (event) => event.key === "Escape" && setBusy(form, false));
  }
}
