// The editor of the query page: CodeMirror and its SPARQL mode, as one module, under the licences of what is in it.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Return the licences of the packages that files are from, each once, with the packages that have it. */
async function licences(files) {
  const packages = new Set(files.map((each) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(each)?.[1]).filter(Boolean));
  const found = new Map();
  for (const name of [...packages].sort()) {
    const folder = join(root, "node_modules", name);
    const file = (await readdir(folder)).find((each) => /^licen[cs]e/i.test(each));
    if (!file) {
      throw new Error(`${name} has no licence file`);
    }
    const text = (await readFile(join(folder, file), "utf8")).trim();
    found.set(text, [...(found.get(text) ?? []), name]);
  }
  return [...found].map(([text, names]) => `${names.join(", ")}:\n\n${text}`).join("\n\n");
}

export default async function (folder) {
  const { metafile, outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ["editor/editor.mjs"],
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "inline",
    metafile: true,
    write: false,
    logLevel: "warning",
  });
  const notice = (await licences(Object.keys(metafile.inputs))).replaceAll("*/", "* /");
  await writeFile(join(folder, "query-editor.js"), `/*!\n${notice}\n*/\n${outputFiles[0].text}`);
}
