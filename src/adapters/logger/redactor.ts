/** Takes secrets out of text that is about to be shown or written. */
export type Redactor = {
  /** Remembers a value that no pattern can know (an own token, a webhook on another host); values under 8 characters would blot out ordinary words and are not remembered. */
  hide(value: string): void;
  redact(text: string): string;
};

const SHORTEST_HIDDEN = 8;
const MARK = '[redacted]';

const NAMED = 'secret|token|password|passwd|authorization|access_?key|signature|cookie|credential|credentials|api_?key';

// Every quantifier that could overlap with its neighbour is bounded: these run over text that an attacker may have written.
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\bx(?:ox[a-z]|app)(?:\.xox[a-z])?-[\w-]{6,}/gi, MARK],
  [/(hooks\.slack(?:-gov)?\.com\/(?:services|triggers|workflows)\/)[\w/%-]+/gi, `$1${MARK}`],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{12,124}/g, MARK],
  [/\beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{5,}/g, MARK],
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\w+/=\s:,-]|\\{1,4}[nr]){0,20000}/g, MARK],
  [/\b(Bearer|Basic)\s{1,4}[\w+/=.~-]{8,}/gi, `$1 ${MARK}`],
  [/(:\/\/[^\s/:@"\\]{1,100}):[^\s/@"\\]{1,200}@/g, `$1:${MARK}@`],
  [/([?&](?:X-Amz-(?:Signature|Security-Token|Credential)|sig|token)=)[^\s&"\\]+/gi, `$1${MARK}`],
  [new RegExp(`("[\\w.-]{0,40}(?:${NAMED})"\\s{0,4}:\\s{0,4}")(?:[^"\\\\]|\\\\.)+`, 'gi'), `$1${MARK}`],
  // The same inside a string that holds JSON itself.
  [
    new RegExp(`(\\\\{1,4}"[\\w.-]{0,40}(?:${NAMED})\\\\{1,4}"\\s{0,4}:\\s{0,4}\\\\{1,4}")[^"\\\\]+`, 'gi'),
    `$1${MARK}`,
  ],
  [new RegExp(`((?:${NAMED})\\s{0,3}=\\s{0,3})[^\\s"'&,;\\\\]{6,}`, 'gi'), `$1${MARK}`],
];

/** Knows the forms of Slack's, AWS's and common tokens, and the exact values it was told to hide. */
export function createRedactor(): Redactor {
  const hidden = new Set<string>();
  return {
    hide: (value) => {
      if (value.length < SHORTEST_HIDDEN) return;
      hidden.add(value);
      // As it stands inside JSON text, which is what a log line is.
      hidden.add(JSON.stringify(value).slice(1, -1));
    },
    redact: (text) => {
      let clean = text;
      for (const value of hidden) clean = clean.replaceAll(value, MARK);
      for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
      return clean;
    },
  };
}
