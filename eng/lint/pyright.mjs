// Checks the types of Python code with pyright, whose settings are in priv/python/pyproject.toml.

import { spawnSync } from "node:child_process";

const project = "priv/python";

export function checkTypes({ require, files }) {
  const program = require.resolve("pyright/index.js");
  const options = { encoding: "utf8", maxBuffer: 2 ** 26 };
  const { stdout, stderr } = spawnSync(process.execPath, [program, "--outputjson", "-p", project], options);
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    return [{ what: "pyright", checked: 0, problems: [`pyright has not reported: ${stdout}${stderr}`] }];
  }
  const checked = report.summary.filesAnalyzed;
  const problems = report.generalDiagnostics.filter(({ severity }) => severity !== "information").map(described);
  // Pyright succeeds without checking any file when its settings name a wrong path, so the number of files is compared.
  const expected = files.filter((file) => file.startsWith(`${project}/`) && /\.pyi?$/.test(file)).length;
  if (checked < expected) {
    const what = `${checked} of the ${expected} files in ${project}`;
    problems.push(`pyright has checked ${what}: does the include of its pyproject.toml name all?`);
  }
  return [{ what: "pyright", checked, problems }];
}

function described({ file, severity, message, rule, range }) {
  return `${file}:${(range?.start.line ?? 0) + 1}: ${severity}: ${message} (${rule ?? "pyright"})`;
}
