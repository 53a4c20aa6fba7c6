// Builds server/static from the sources beside this file. Run with `npm ci && npm run build`.
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { compile } from "sass";
import { prune } from "./prune.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "static");
const nhsuk = join(here, "node_modules/nhsuk-frontend/dist/nhsuk");
const browsers = ["chrome109", "edge109", "firefox115", "safari15.6"];

function inlineIcons(css) {
  return css.replace(/url\(["']?\/assets\/images\/([\w-]+\.svg)["']?\)/g, (_, name) => {
    const svg = readFileSync(join(nhsuk, "assets/images", name), "utf8").trim();
    return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
  });
}

async function styles() {
  const { css } = compile(join(here, "remit.scss"), {
    loadPaths: [join(here, "node_modules")],
    quietDeps: true,
  });
  const options = { loader: "css", minify: true, target: browsers };
  const { code } = await transform(prune(inlineIcons(css)), options);
  const outside = code.match(/url\((?!["']?data:)[^)]*\)|@import/g);
  if (outside) throw new Error(`the style sheet would fetch ${outside.join(", ")}`);
  await writeFile(join(target, "remit.css"), code);
}

async function scripts() {
  await build({
    entryPoints: [join(here, "remit.js")],
    outfile: join(target, "remit.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "none",
  });
}

// The editor of /sparql: large, and loaded on that page only.
async function editor() {
  const { css } = compile(join(here, "sparql/editor.scss"), { loadPaths: [join(here, "node_modules")] });
  const { code } = await transform(css, { loader: "css", minify: true, target: browsers });
  const outside = code.match(/url\((?!["']?data:)[^)]*\)|@import/g);
  if (outside) throw new Error(`the editor's style sheet would fetch ${outside.join(", ")}`);
  await writeFile(join(target, "sparql.css"), code);
  await build({
    entryPoints: [join(here, "sparql/index.js")],
    outfile: join(target, "sparql.js"),
    bundle: true,
    minify: true,
    format: "esm",
    target: browsers,
    legalComments: "none",
    define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  });
}

await Promise.all([styles(), scripts(), editor()]);
