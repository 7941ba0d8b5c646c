// Tokens for tests, signed by Node.
import { constants, createHmac, sign } from 'node:crypto';

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

const signers = {
  HS256: (text, key) => createHmac('sha256', key).update(text).digest(),
  HS384: (text, key) => createHmac('sha384', key).update(text).digest(),
  HS512: (text, key) => createHmac('sha512', key).update(text).digest(),
  RS256: (text, key) => sign('sha256', text, key),
  PS256: (text, key) => sign('sha256', text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }),
  ES256: (text, key) => sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (text, key) => sign(null, text, key),
};

/** A token of these claims, which expires in a minute unless they say otherwise. */
export function makeToken(key, claims = {}, { algorithm = 'HS256', header = {} } = {}) {
  const text = `${part({ alg: algorithm, typ: 'JWT', ...header })}.${part({ exp: Math.floor(Date.now() / 1000) + 60, ...claims })}`;
  return `${text}.${signers[algorithm](Buffer.from(text), key).toString('base64url')}`;
}
