// Checks the style and format of Python code with ruff, whose settings are in ruff.toml. This WebAssembly build of ruff cannot read files,
// so this script reads the settings and the texts and passes them on.

import { readFileSync, writeFileSync } from "node:fs";

export function checkStyle({ require, installed, files, fix }) {
  const { Workspace, PositionEncoding } = require("@astral-sh/ruff-wasm-nodejs");
  const settings = JSON.parse(readFileSync(`${installed}/ruff.json`, "utf8"));
  const workspaces = new Map();
  const python = files.filter((file) => file.endsWith(".py"));
  const style = [];
  const format = [];
  for (const file of python) {
    const workspace = workspaceFor(file);
    let text = readFileSync(file, "utf8");
    if (fix) {
      text = workspace.format(sorted(workspace, text));
      writeFileSync(file, text);
    }

    for (const { code, message, start_location: { row, column } } of workspace.check(text)) {
      style.push(`${file}:${row}:${column}: ${code ?? "syntax"} ${message}`);
    }
    try {
      if (workspace.format(text) !== text) {
        format.push(`${file}: ruff format would change it`);
      }
    } catch (error) {
      format.push(`${file}: ruff cannot format it: ${error}`);
    }
  }
  return [
    { what: "ruff check", checked: python.length, problems: style },
    { what: "ruff format", checked: python.length, problems: format },
  ];

  /** Returns the ruff workspace for a file. A workspace has fixed settings, so files with the same per-file-ignores share one. */
  function workspaceFor(file) {
    const { "per-file-ignores": perFile = {}, ...lint } = settings.lint;
    const ignored = Object.entries(perFile).filter(([pattern]) => matches(pattern, file)).flatMap(([, rules]) => rules);
    const key = ignored.join();
    if (!workspaces.has(key)) {
      const ignore = [...(lint.ignore ?? []), ...ignored];
      workspaces.set(key, new Workspace({ ...settings, lint: { ...lint, ignore } }, PositionEncoding.Utf32));
    }
    return workspaces.get(key);
  }
}

/** Returns the text with sorted imports. Other problems that ruff could fix are only reported. */
function sorted(workspace, text) {
  const found = workspace.check(text).find(({ code }) => code === "I001");
  if (!found?.fix) {
    return text;
  }
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    starts.push(at + 1);
  }
  const offset = ({ row, column }) => starts[row - 1] + column - 1;
  const [{ content, location, end_location: end }] = found.fix.edits;
  return text.slice(0, offset(location)) + (content ?? "") + text.slice(offset(end));
}

/** Returns true if a path matches a pattern. As in ruff, a star matches any characters, also slashes. */
function matches(pattern, file) {
  const expression = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${expression}$`).test(file);
}
