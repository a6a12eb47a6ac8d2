import { auth0 } from './auth0.ts';
import { cognito } from './cognito.ts';
import { entra } from './entra.ts';
import { google } from './google.ts';
import type { IssuerProfile, ProfileName } from './issuer-profile.ts';
import { keycloak } from './keycloak.ts';
import { okta } from './okta.ts';
import { ping } from './ping.ts';
import { rfc9068 } from './rfc9068.ts';

/** Every profile by its name. */
export const profiles: ReadonlyMap<string, IssuerProfile> = new Map<ProfileName, IssuerProfile>(
  [rfc9068, entra, okta, auth0, keycloak, cognito, google, ping].map((profile) => [profile.name, profile]),
);
