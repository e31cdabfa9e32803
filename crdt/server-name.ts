/** What a server, and a realm, may be called: harmless in headers, channels, logs and file names. */
export const SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
