// The parts of the NHS design system that our pages use.
export { Button } from "nhsuk-frontend/dist/nhsuk/components/button/button.mjs";
export { ErrorSummary } from "nhsuk-frontend/dist/nhsuk/components/error-summary/error-summary.mjs";
export { Header } from "nhsuk-frontend/dist/nhsuk/components/header/header.mjs";
export { SkipLink } from "nhsuk-frontend/dist/nhsuk/components/skip-link/skip-link.mjs";
export { isSupported } from "nhsuk-frontend/dist/nhsuk/common/index.mjs";
