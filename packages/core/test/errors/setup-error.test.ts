import { describe, expect, test } from 'vitest';
import { SetupError } from '../../src/errors/setup-error.ts';

describe('SetupError', () => {
  test('says in one line where the mistake is, what it is and what to do', () => {
    const error = new SetupError({
      code: 'ERR_CONFIG_INVALID',
      file: 'sallyport.yaml',
      field: 'issuers[0].issuer',
      problem: 'http://as.example is not https',
      remedy: 'use https',
    });
    expect(error.message).toBe(
      'sallyport.yaml: issuers[0].issuer: http://as.example is not https; use https (ERR_CONFIG_INVALID)',
    );
    expect(error.doc).toBe('https://sallyport.dev/errors/ERR_CONFIG_INVALID');
  });

  test('leaves out what is not known', () => {
    const error = new SetupError({ code: 'ERR_AUDIT_KEY', problem: 'the key is short', remedy: 'use 32 bytes' });
    expect(error.message).toBe('the key is short; use 32 bytes (ERR_AUDIT_KEY)');
  });
});
