/** The life of a guard. */
export const suiteEvents = {
  'sallyport.started': {
    level: 'info',
    message: 'the guard is up',
    fields: [
      'resource',
      'server',
      'tools',
      'resources',
      'prompts',
      'issuers',
      'enforcement',
      'legacy',
      'auditDirectory',
      'auditStream',
      'auditMode',
      'exports',
      'policy',
      'config',
    ],
    remedy: 'Nothing; compare it with what you meant to start.',
  },
  'sallyport.stopped': {
    level: 'info',
    message: 'the guard is closed',
    fields: ['resource'],
    remedy: 'Nothing; a process that ends without this line was killed, and its next start says what it left open.',
  },
  'sallyport.ready': {
    level: 'info',
    message: 'the guard is ready',
    fields: [],
    remedy: 'Nothing.',
  },
  'sallyport.unready': {
    level: 'warn',
    message: 'the guard is not ready, and says so to whoever probes it',
    fields: ['problems'],
    remedy: 'Look at the problems; `/readyz` shows what still lacks.',
  },
  'sallyport.metrics.listening': {
    level: 'info',
    message: 'metrics are served to Prometheus',
    fields: ['url'],
    remedy: 'Nothing; there is no authentication, so let only scrapers reach it.',
  },
  'sallyport.log.suppressed': {
    level: 'warn',
    message: 'a log line came too often, and was not repeated',
    fields: ['of', 'count'],
    remedy: 'Look at the lines of the event named in `of`: somebody causes it again and again.',
  },
} as const;
