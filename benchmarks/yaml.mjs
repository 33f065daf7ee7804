// Reads YAML texts, one JSON string a line, with the npm package `yaml` of the folder given, and writes a line of JSON
// for each: null if it can't be read, else what was read.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { resolve } from "node:path";

const require = createRequire(resolve(process.argv[2], "index.js"));
const yaml = require("yaml");
process.removeAllListeners("warning");
process.on("warning", () => {});
process.emitWarning = () => {};

const kinds = { string: "text", number: "number", bigint: "number", boolean: "checkbox" };

function kind(value) {
  return value === null || value === undefined ? "empty" : kinds[typeof value] ?? "other";
}

function key(node) {
  if (node === null) return "";
  if (yaml.isScalar(node)) return node.source ?? "";
  return yaml.isAlias(node) ? `*${node.source}` : null;
}

function tree(node) {
  if (node === null || node === undefined) return ["empty", ""];
  if (yaml.isAlias(node)) return ["alias", `*${node.source}`];
  if (yaml.isScalar(node)) return [kind(node.value), node.source ?? ""];
  if (yaml.isMap(node)) return ["map", node.items.map((pair) => [key(pair.key), tree(pair.value)])];
  return ["list", node.items.map((item) => (yaml.isPair(item) ? ["map", [[key(item.key), tree(item.value)]]] : tree(item)))];
}

function read(text) {
  try {
    const document = yaml.parseDocument(text);
    if (document.errors.length) return null;
    document.toJS();
    return tree(document.contents);
  } catch {
    return null;
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(read(JSON.parse(line))) + "\n");
}
