// Enrichment only: every page works without this file.
import { Button, ErrorSummary, Header, SkipLink, isSupported } from "./nhsuk.js";
import { setUpBusy } from "./busy.js";
import { setUpDisclosure } from "./disclosure.js";
import { setUpSuggestions } from "./combobox.js";

const components = [
  [Header, ".nhsuk-header"],
  [SkipLink, ".nhsuk-skip-link"],
  [ErrorSummary, ".nhsuk-error-summary"],
  [Button, ".nhsuk-button"],
];

document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
if (isSupported()) {
  for (const [Component, selector] of components) {
    for (const element of document.querySelectorAll(selector)) new Component(element);
  }
}
setUpDisclosure(document);
setUpSuggestions(document);
setUpBusy(document);
