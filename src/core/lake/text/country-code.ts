/** Names that appliances write and that are no display name of today. */
const otherNames: Readonly<Record<string, string>> = {
  'bolivia plurinational state of': 'BO',
  'brunei darussalam': 'BN',
  burma: 'MM',
  'cape verde': 'CV',
  congo: 'CG',
  "cote d'ivoire": 'CI',
  'czech republic': 'CZ',
  'holy see (vatican city state)': 'VA',
  'hong kong': 'HK',
  'iran islamic republic of': 'IR',
  'korea democratic people s republic of': 'KP',
  'korea republic of': 'KR',
  'lao people s democratic republic': 'LA',
  macao: 'MO',
  macau: 'MO',
  macedonia: 'MK',
  'macedonia the former yugoslav republic of': 'MK',
  'micronesia federated states of': 'FM',
  'moldova republic of': 'MD',
  myanmar: 'MM',
  'palestinian territory': 'PS',
  'republic of korea': 'KR',
  'russian federation': 'RU',
  swaziland: 'SZ',
  'syrian arab republic': 'SY',
  'taiwan province of china': 'TW',
  'tanzania united republic of': 'TZ',
  turkey: 'TR',
  'united states of america': 'US',
  'venezuela bolivarian republic of': 'VE',
  'viet nam': 'VN',
};

let codes: ReadonlyMap<string, string> | undefined;
/** Logs name few countries many times; what a sender makes up must not fill the memory. */
const asked = new Map<string, string | undefined>();
const rememberedNames = 1000;

/** The two letters of ISO 3166 for an English name of a country, or for the letters themselves; undefined for other texts. */
export function countryCode(name: string): string | undefined {
  if (name.length > 60) return undefined;
  if (asked.has(name)) return asked.get(name);
  codes ??= knownNames();
  const code = codes.get(plain(name));
  if (asked.size < rememberedNames) asked.set(name, code);
  return code;
}

function knownNames(): ReadonlyMap<string, string> {
  const display = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const found = letters.flatMap((one) =>
    letters.flatMap((other): (readonly [string, string])[] => {
      const code = one + other;
      const name = display.of(code);
      return name === undefined || retired.has(code)
        ? []
        : [
            [plain(name), code],
            [plain(code), code],
          ];
    }),
  );
  return new Map([...found, ...Object.entries(otherNames).map(([name, code]) => [plain(name), code] as const)]);
}

/** Codes that have a name but are no country's today, or only stand for several. */
const retired = new Set(
  'AC AN BU CP CQ CS DD DG DY EA EU EZ FQ FX HV IC JT MI NH NQ NT PC PU PZ QO RH SU TA TP UK UN VD WK XA XB YD YU ZR ZZ'.split(
    ' ',
  ),
);

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('&', 'and')
    .replace(/[^a-z ()]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
}
