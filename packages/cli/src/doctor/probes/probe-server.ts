import type { SallyportConfig } from '@sallyport/config';
import { SetupError } from '@sallyport/core';
import type { CommandIo } from '../../terminal/command-io.ts';
import { fail, warn, type Finding } from '../finding.ts';
import { probeChallenge } from './challenge-probe.ts';
import { probeCors } from './cors-probe.ts';
import { probeDiscovery } from './discovery-probe.ts';
import { createProber } from './prober.ts';
import { probeRefusals } from './refusal-probe.ts';
import { probeStreams } from './stream-probe.ts';

export interface ProbeServerOptions {
  readonly url: URL;
  readonly token: string | undefined;
  readonly config: SallyportConfig;
  readonly io: CommandIo;
}

/** Looks at a running server as clients see it. */
export async function* probeServer({ url, token, config, io }: ProbeServerOptions): AsyncGenerator<Finding> {
  if (url.href !== new URL(config.resource).href) {
    yield warn(
      'url',
      `looking at ${url.href}, while clients use ${config.resource}: what a proxy does between the two is not seen`,
      `run it again with --url ${config.resource} from outside`,
    );
  }
  const prober = createProber(url);
  try {
    yield* probeDiscovery(prober, config);
    yield* probeChallenge(prober, config);
    yield* probeCors(prober, config);
    yield* probeRefusals(prober, { token, config, now: io.now });
    yield* probeStreams(prober);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    yield fail('server', error.code, error.problem, error.remedy);
  }
}
