/** What a valid configuration or card should make somebody look at, said at start. */
export const configEvents = {
  'sallyport.config.tls_verification_off': {
    level: 'warn',
    message:
      'NODE_TLS_REJECT_UNAUTHORIZED=0 switches certificate checks off for the whole process: anybody on the network can pose as the issuer',
    fields: ['field'],
    remedy: 'Unset it and use NODE_EXTRA_CA_CERTS.',
  },
  'sallyport.config.redis_ignored': {
    level: 'warn',
    message: 'REDIS_URL is ignored: state on Redis is not available yet, everything shared is in memory',
    fields: ['field'],
    remedy: 'Run one process, or unset it.',
  },
  'sallyport.config.insecure_issuers': {
    level: 'warn',
    message: 'dangerouslyAllowInsecureIssuers is on: issuers on loopback hosts may use http',
    fields: ['field'],
    remedy: 'For development and tests only.',
  },
  'sallyport.config.observe_mode': {
    level: 'warn',
    message: 'enforcement is "observe": calls that the policy denies are recorded and RUN',
    fields: ['field'],
    remedy: 'For adoption only; see what enforcing would break with  sallyport audit show --would-deny',
  },
  'sallyport.config.introspection_unused': {
    level: 'warn',
    message: 'introspection is set up and not used: tokens is "jwt"',
    fields: ['field'],
    remedy: 'Set it to "opaque" or "auto" to have the issuer asked.',
  },
  'sallyport.config.mirror_missing': {
    level: 'warn',
    message: 'audit.mode is "at-least-one" and there is no audit.mirror: with one copy it is the same as "strict"',
    fields: ['field'],
    remedy: 'Set audit.mirror to a directory on another disk.',
  },
  'sallyport.config.insecure_endpoint': {
    level: 'warn',
    message: 'an audit export may go without encryption: records and headers can be read and changed on their way',
    fields: ['field'],
    remedy: 'Use an https or syslog+tls endpoint.',
  },
  'sallyport.config.export_unconfirmed': {
    level: 'warn',
    message:
      'a syslog export is not confirmed by its receiver: records that are on their way when the connection breaks are lost there',
    fields: ['field'],
    remedy: 'Set confirm to "close" if the receiver ends connections.',
  },
  'sallyport.config.secret_exposed': {
    level: 'warn',
    message: 'a secret stands in a config file that group or others can access',
    fields: ['field'],
    remedy: 'Move it to a file of its own with mode 0600 and write ${file:PATH}.',
  },
  'sallyport.card.inner_address': {
    level: 'warn',
    message: 'the card publishes an address of an inner network',
    fields: ['pointer', 'problem'],
    remedy: 'Publish the address that clients use.',
  },
  'sallyport.card.credential_name': {
    level: 'warn',
    message: 'the card publishes a member that is called like a credential',
    fields: ['pointer', 'problem'],
    remedy: 'Make sure that it is none.',
  },
  'sallyport.card.drift': {
    level: 'warn',
    message: 'card and server differ',
    fields: ['drift'],
    remedy: 'Declare what the server registers, or take out what it does not; what is not declared can not be reached.',
  },
  'sallyport.card.drift_unchecked': {
    level: 'warn',
    message: 'the card was not compared with the server: createSallyport got no buildServer',
    fields: [],
    remedy: 'Hand `buildServer` to `createSallyport`.',
  },
} as const;
