// node build.mjs <folder>: lets each part write its files into a folder, in the order of their names.
import { readdir } from "node:fs/promises";

const folder = process.argv[2];
if (!folder) {
  throw new Error("where to? node build.mjs <folder>");
}
const parts = new URL("parts/", import.meta.url);
for (const name of (await readdir(parts)).filter((each) => each.endsWith(".mjs")).sort()) {
  const part = await import(new URL(name, parts));
  await part.default(folder);
}
