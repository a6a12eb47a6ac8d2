import { runScenario } from './scenario/run-scenario.ts';
import { openSdk } from './open-sdk.ts';

const telemetry = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>;
process.stdout.write(JSON.stringify(await runScenario(openSdk(), telemetry)));
