/** Issuers, their keys and answers, and revocations. */
export const tokenEvents = {
  'sallyport.issuer.keys_unavailable': {
    level: 'warn',
    message: 'the keys of the issuer could not be fetched',
    fields: ['issuer', 'problem', 'retryInMs', 'keysHeld'],
    remedy: 'Check that this host reaches the issuer; while `keysHeld` is false its tokens are answered 503.',
  },
  'sallyport.issuer.keys_failed': {
    level: 'error',
    message: 'fetching the keys of the issuer failed because of a defect',
    fields: ['issuer', 'problem', 'retryInMs', 'keysHeld', 'error', 'stack'],
    remedy: 'Report it with its stack; the fetch is tried again.',
  },
  'sallyport.issuer.keys_recovered': {
    level: 'info',
    message: 'the keys of the issuer are fetched again',
    fields: ['issuer'],
    remedy: 'Nothing.',
  },
  'sallyport.issuer.keys_private': {
    level: 'error',
    message: 'the issuer publishes private or secret keys; they are ignored, tell its operator',
    fields: ['issuer', 'count'],
    remedy: 'Tell the operator of the issuer: whoever has seen these keys can make tokens.',
  },
  'sallyport.issuer.keys_ambiguous': {
    level: 'warn',
    message: 'several keys of the issuer share a kid; none of these is used',
    fields: ['issuer', 'kids'],
    remedy: 'Ask the operator of the issuer to give every key an id of its own.',
  },
  'sallyport.issuer.keys_none': {
    level: 'error',
    message: 'the issuer publishes no usable signing key',
    fields: ['issuer'],
    remedy: 'Check `issuer` and `jwksUri`; none of its tokens can be verified.',
  },
  'sallyport.issuer.keys_elsewhere': {
    level: 'warn',
    message: 'the issuer keeps its keys on another domain; set jwksUri to make this explicit',
    fields: ['issuer', 'jwksUri'],
    remedy: 'Make sure the address is right and set it as `jwksUri`.',
  },
  'sallyport.issuer.introspection_unavailable': {
    level: 'warn',
    message: 'the issuer could not be asked about a token',
    fields: ['issuer', 'problem', 'reason', 'retryInMs'],
    remedy: 'Check that this host reaches the introspection endpoint.',
  },
  'sallyport.issuer.introspection_misconfigured': {
    level: 'error',
    message: 'the issuer can not be asked about tokens; this needs a person',
    fields: ['issuer', 'problem', 'reason', 'retryInMs'],
    remedy: 'Check `introspection.clientId` and its credential, and what the issuer expects.',
  },
  'sallyport.issuer.introspection_unknown': {
    level: 'warn',
    message: 'the introspection endpoint of the issuer could not be found',
    fields: ['issuer', 'problem', 'retryInMs'],
    remedy: 'Check the metadata of the issuer, or set `introspection.endpoint`.',
  },
  'sallyport.issuer.tokens_for_others': {
    level: 'warn',
    message: 'tokens of the issuer name other resources in aud too; strictAudience refuses them',
    fields: ['issuer'],
    remedy: 'Ask for tokens of one resource each, then set `strictAudience`.',
  },
  'sallyport.issuer.tokens_without_id': {
    level: 'warn',
    message: 'tokens of the issuer have no jti; they can not be revoked one by one',
    fields: ['issuer'],
    remedy: 'Have the issuer add `jti`, or revoke by subject.',
  },
  'sallyport.issuer.tokens_long_lived': {
    level: 'warn',
    message: 'tokens of the issuer live longer than revocations are kept; raise revocation.lifetimeSeconds',
    fields: ['issuer'],
    remedy: 'Raise `revocation.lifetimeSeconds` to the longest life of a token.',
  },
  'sallyport.issuer.groups_elsewhere': {
    level: 'warn',
    message: 'a token of the issuer has more groups than fit into it and names none; its groups count as none',
    fields: ['issuer'],
    remedy: 'Have the issuer put only the groups of this application into its tokens.',
  },
  'sallyport.token.check_failed': {
    level: 'error',
    message: 'a token could not be checked because of a defect',
    fields: ['error', 'stack'],
    remedy: 'Report it with its stack; the call was answered 500.',
  },
  'sallyport.token.tls_verification_off': {
    level: 'error',
    message:
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set; issuers are verified all the same, but unset it: other TLS here is worthless',
    fields: [],
    remedy: 'Unset it and use NODE_EXTRA_CA_CERTS.',
  },
  'sallyport.revocation.file_large': {
    level: 'warn',
    message: 'the revocation file is nearly as large as it may be; take out the lines that have ended',
    fields: ['file', 'size', 'maxFileBytes'],
    remedy: 'Take out the lines that have ended.',
  },
  'sallyport.revocation.file_unknown': {
    level: 'error',
    message: 'the revocation file is not known; every token is refused',
    fields: ['file', 'problem'],
    remedy: 'Repair or restore the file; it is read again at once.',
  },
  'sallyport.revocation.file_recovered': {
    level: 'warn',
    message: 'the revocation file is right again',
    fields: ['file'],
    remedy: 'Nothing.',
  },
  'sallyport.revocation.streams_unchecked': {
    level: 'warn',
    message: 'open streams could not be checked for revocation',
    fields: ['error'],
    remedy: 'See to the list of revocations; the streams stay open meanwhile.',
  },
} as const;
