// "Show all" for a group of <details>, and everything unfolded on paper.

function labelFor(open, group) {
  return `${open ? "Hide" : "Show"} all ${group.dataset.disclosureOf || "details"}`;
}

function addButton(group) {
  const folds = [...group.querySelectorAll("details")];
  if (folds.length < 2) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small remit-no-print";
  button.textContent = labelFor(false, group);
  button.addEventListener("click", () => {
    const open = !folds.every((fold) => fold.open);
    for (const fold of folds) fold.open = open;
    button.textContent = labelFor(open, group);
  });
  group.prepend(button);
}

function unfoldForPrint(root) {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll("details:not([open])")];
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of opened) fold.open = false;
  });
}

function openTarget(root) {
  const target = location.hash && root.getElementById(decodeURIComponent(location.hash.slice(1)));
  const fold = target && target.querySelector("details");
  if (fold) fold.open = true;
}

export function setUpDisclosure(root) {
  for (const group of root.querySelectorAll("[data-disclosure]")) addButton(group);
  unfoldForPrint(root);
  openTarget(root);
  addEventListener("hashchange", () => openTarget(root));
}
