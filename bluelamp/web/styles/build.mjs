// Builds bluelamp/web/static/build/: the style sheet, and copies of the libraries that our page scripts import.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..", "..");
const target = join(here, "..", "static", "build");
const modules = join(root, "node_modules");

// Without the comment that names a source map: we do not serve maps, and collectstatic refuses a missing file.
const withoutMap = (text) => text.replace(/\n?\/[/*]# sourceMappingURL=.*$/gm, "\n");

mkdirSync(target, { recursive: true });
const { css } = sass.compile(join(here, "bluelamp.scss"), {
  loadPaths: [modules, root],
  style: "compressed",
  quietDeps: true,
  logger: {
    // MoJ's alert uses a mixin that GOV.UK Frontend has deprecated: theirs to change.
    warn: (message) => message.includes("govuk-text-colour") || console.warn(message),
  },
});
writeFileSync(join(target, "bluelamp.css"), css);

for (const [from, to] of [
  ["govuk-frontend/dist/govuk/govuk-frontend.min.js", "govuk-frontend.js"],
  ["tus-js-client/dist/tus.min.js", "tus.js"],
]) {
  writeFileSync(join(target, to), withoutMap(readFileSync(join(modules, from), "utf8")));
}
