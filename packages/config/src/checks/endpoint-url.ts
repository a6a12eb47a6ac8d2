import type { Complaint } from '../schema/field.ts';
import { readStrictUrl } from './strict-url.ts';

/** A resource identifier (RFC 8707 §2, RFC 9728 §1.2): https, or http on a loopback host; canonical, so that it can be compared. */
export function checkResource(text: string): Complaint | undefined {
  const read = readStrictUrl(text, { query: false });
  if ('fault' in read) return read;
  if (!read.secure && !read.loopback) {
    return {
      problem: 'uses http on a host that is not loopback, which would send tokens in clear',
      remedy: 'use https',
    };
  }
  if (read.url.href !== text && read.url.href !== `${text}/`) {
    return {
      problem: 'is not in its canonical spelling',
      suggestion: read.url.href,
      remedy: 'use lower case in scheme and host, no default port, no dot segments',
    };
  }
  return undefined;
}

/**
 * An issuer identifier (RFC 8414 §2), or a template for one: no query, no fragment. Whether http is allowed, and a template, depends on
 * other fields.
 */
export function checkIssuer(text: string): Complaint | undefined {
  const read = readStrictUrl(exampleOfTemplate(text), { query: false });
  return 'fault' in read ? read : undefined;
}

const placeholder = '{tenantid}';

/** True for an issuer that stands for many, one for each tenant. */
export function isTemplate(issuer: string): boolean {
  return issuer.includes(placeholder);
}

/** One of the issuers that a template stands for. An issuer that is no template is itself. */
export function exampleOfTemplate(issuer: string): string {
  return issuer.replace(placeholder, 'tenantid');
}

/** The URL of a key set or another endpoint of an issuer; a query is allowed. */
export function checkEndpoint(text: string): Complaint | undefined {
  const read = readStrictUrl(text, { query: true });
  return 'fault' in read ? read : undefined;
}
