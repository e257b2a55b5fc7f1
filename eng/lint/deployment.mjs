// Checks the files with which samples are deployed: Dockerfiles with dockerfile-utils, and that YAML files are well-formed.

import { readFileSync } from "node:fs";

export function checkDeployment({ require, files }) {
  const { validate } = require("dockerfile-utils");
  const { parseAllDocuments } = require("yaml");
  const dockerfiles = files.filter((file) => /(^|\/)Dockerfile$/.test(file));
  const documents = files.filter((file) => /^samples\/.*\.ya?ml$/.test(file));
  const inDockerfiles = dockerfiles.flatMap((file) =>
    validate(readFileSync(file, "utf8")).map(({ range, message }) => `${file}:${range.start.line + 1}: ${message}`),
  );
  const inDocuments = documents.flatMap((file) =>
    parseAllDocuments(readFileSync(file, "utf8")).flatMap(({ errors, warnings }) =>
      [...errors, ...warnings].map(({ linePos, message }) => `${file}:${linePos?.[0].line}: ${message}`),
    ),
  );
  return [
    { what: "dockerfile-utils", checked: dockerfiles.length, problems: inDockerfiles },
    { what: "yaml", checked: documents.length, problems: inDocuments },
  ];
}
