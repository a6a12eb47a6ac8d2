import { runDevIdp } from './run-dev-idp.ts';

process.exitCode = await runDevIdp({
  argument: process.argv[2],
  stdout: process.stdout,
  stderr: process.stderr,
  signals: process,
});
