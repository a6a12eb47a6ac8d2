import { pino, type Logger } from 'pino';

/** Paths that are never written, in case something is logged that should not be. */
const secretPaths = [
  'authorization',
  'token',
  'access_token',
  'secret',
  'clientSecret',
  'hashKey',
  'signingKey',
  'sessionId',
];

/** The operational log: JSON on stderr, `info` unless `level` says otherwise. */
export function createLogger(level = 'info'): Logger {
  const paths = secretPaths.flatMap((path) => [path, `*.${path}`, `headers.${path}`]);
  return pino(
    { name: 'sallyport', level, redact: { paths, censor: '[redacted]' } },
    pino.destination({ dest: 2, sync: true }),
  );
}
