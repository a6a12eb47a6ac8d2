/** A certificate for 127.0.0.1 that nobody vouches for, and its key. Made for these tests, used nowhere else, worth nothing. */
export const selfSignedKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgYzh1Tfk4aY6tWUHd
ccTkZmab9EpqokTEIbGFLP+zQkKhRANCAATxk9FjAhdXj22bGrFsTbGXSe9+lwgs
z1T3Gl0YfsrwwSCU7J3IvRassdftWsiVzWAn1g+u3+1baum/bHEJwwEo
-----END PRIVATE KEY-----`;

export const selfSignedCertificate = `-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUE4lnvlo2tOsrgqTfALxpupt/ri0wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMDIzNDUxM1oYDzIxMjYxMDI3
MjM0NTEzWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATxk9FjAhdXj22bGrFsTbGXSe9+lwgsz1T3Gl0YfsrwwSCU7J3IvRas
sdftWsiVzWAn1g+u3+1baum/bHEJwwEoo1MwUTAdBgNVHQ4EFgQU5C4cDSu3Zkrz
4MnSWTdrN3u0btYwHwYDVR0jBBgwFoAU5C4cDSu3Zkrz4MnSWTdrN3u0btYwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiAu7S35pd4zAmXs/+QiZwUO
So+QgOZaJt4opfHUU2hyWQIhAO+9fGhZ26TonAFlR4aOlbBjMhM26K/u7Y43bWPn
QVwB
-----END CERTIFICATE-----`;
