import { type Bilingual, type CostLine, costLines, costOf, slackAppLines, totalOf } from './monthly-cost.ts';

const million = 1_000_000;

type GuideLanguage = keyof Bilingual;

/** The guides hold the generated table between these lines. */
export const tableStart = '<!-- monthly cost: made by "npm run docs -w @yagura/cdk"; do not edit -->';
export const tableEnd = '<!-- end of monthly cost -->';

const words = {
  line: { en: 'Line', ja: '項目' },
  quantity: { en: 'Quantity a month', ja: '月あたりの数量' },
  price: { en: 'Unit price (USD)', ja: '単価（USD）' },
  amount: { en: 'USD a month', ja: '月額（USD）' },
  fixed: { en: 'Billed for existing', ja: '存在するだけで課金されるもの' },
  idle: { en: 'Runs although nothing happens', ja: '何も起きなくても動くもの' },
  total: { en: 'Total of an idle month', ja: 'アイドル月の合計' },
  slack: { en: 'On top with the Slack app', ja: 'Slack アプリを使う場合の追加分' },
  slackTotal: { en: 'Total with the Slack app', ja: 'Slack アプリを使う場合の合計' },
} satisfies Record<string, Bilingual>;

/** The table of the deployment guide, in Markdown. */
export function costTable(language: GuideLanguage): string {
  const say = (key: keyof typeof words): string => words[key][language];
  const part = (name: CostLine['part']): string[] => [
    ...costLines.filter((line) => line.part === name).map((line) => row(line, language)),
    `| **${say(name)}** | | | **${totalOf(costLines, name).toFixed(2)}** |`,
  ];
  const total = totalOf(costLines);
  return [
    `| ${say('line')} | ${say('quantity')} | ${say('price')} | ${say('amount')} |`,
    '|---|---:|---:|---:|',
    ...part('fixed'),
    ...part('idle'),
    `| **${say('total')}** | | | **${total.toFixed(2)}** |`,
    ...slackAppLines.map((line) => row(line, language)),
    `| **${say('slack')}** | | | **${totalOf(slackAppLines).toFixed(2)}** |`,
    `| **${say('slackTotal')}** | | | **${(total + totalOf(slackAppLines)).toFixed(2)}** |`,
  ].join('\n');
}

/** The guide with its table made anew. */
export function withCostTable(guide: string, language: GuideLanguage): string {
  const start = guide.indexOf(tableStart);
  const end = guide.indexOf(tableEnd);
  if (start === -1 || end < start)
    throw new Error(`The ${language} guide has no place for the table: ${tableStart} … ${tableEnd}`);
  return `${guide.slice(0, start + tableStart.length)}\n\n${costTable(language)}\n\n${guide.slice(end)}`;
}

function row(line: CostLine, language: GuideLanguage): string {
  const unit = line.unit[language];
  const quantity = `${amount(line.quantity)}${unit === '' ? '' : ` ${unit}`}`;
  return `| ${line.what[language]} | ${quantity} | ${price(line.unitPrice)} | ${cents(costOf(line))} |`;
}

function amount(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: value < 1 ? 2 : 0 });
}

// Prices of single requests have many digits; AWS itself writes them by the million.
function price(value: number): string {
  if (value >= 0.01) return value.toFixed(3).replace(/0$/, '');
  return value >= 0.00001
    ? value.toFixed(10).replace(/0+$/, '')
    : `${Number((value * million).toFixed(4))} / ${amount(million)}`;
}

function cents(value: number): string {
  return value > 0 && value < 0.005 ? '< 0.01' : value.toFixed(2);
}
