// Leaves out what no page of ours uses, and joins the media queries that the design system repeats.
import postcss from "postcss";

const UNUSED = new RegExp(
  [
    "reverse", "-card", "__panel", "heading-tab", "-scroll", "-expander", "--white", "--brand",
    "--login", "--warning", "--solid", "-solid\\b", "organisation", "__account", "header__search",
    "header__service-logo", "header__logo", "-lede", "action-link", "text-colour",
    "no-visited", "numbered", "table__header .nhsuk-(link|button)", "table__header-button",
    "sort", "--code", "dynamic-type", "-caption", "-icon-(?!search)", "--xl\\b", "button--large",
    "input--large", "select--large", "textarea--large", "label--xl", "legend--xl", "-supported \\.nhsuk-u",
  ].join("|"),
);
const KEPT_PROPERTY = /^--nhsuk-(breakpoint|frontend-version)/;

function dropUnused(root) {
  root.walkRules((rule) => {
    if (rule.parent.type === "atrule" && rule.parent.name === "keyframes") return;
    const kept = rule.selectors.filter((selector) => selector.includes("remit-") || !UNUSED.test(selector));
    if (kept.length === 0) rule.remove();
    else rule.selectors = kept;
  });
  root.walkDecls(/^--/, (declaration) => {
    if (declaration.parent.selector === ":root" && !KEPT_PROPERTY.test(declaration.prop))
      declaration.remove();
  });
}

// Neighbouring blocks of one media query become one block; order is otherwise kept.
function joinMedia(root) {
  root.each((node) => {
    let next = node.next();
    while (node.type === "atrule" && next?.type === "atrule" && same(node, next)) {
      node.append(next.nodes);
      next.remove();
      next = node.next();
    }
  });
}

function same(one, other) {
  return one.name === "media" && other.name === "media" && one.params === other.params;
}

function dropEmpty(root) {
  root.walk((node) => {
    if (node.nodes?.length === 0) node.remove();
  });
}

/** Takes a style sheet, gives the smaller one. */
export function prune(css) {
  const root = postcss.parse(css);
  dropUnused(root);
  dropEmpty(root);
  joinMedia(root);
  return root.toString();
}
